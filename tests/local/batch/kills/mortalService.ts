/** A Batch service in a process of its own that is killed and comes back over the same folder, as often as wanted. */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";
import { buildSync } from "esbuild";
import { freePort } from "../../../../local/ports";
import { project } from "../../../support/command";
import { accountName, keys, nodeFolder } from "../batchService";
import { certificate } from "../certificate";

/** Far above what an opening takes. */
const openingDeadlineMs = 30_000;

export class MortalService {
  /** The next life has its code loaded already: from its opening on it is as any other. */
  private next: ChildProcess;
  private life: ChildProcess | undefined;
  private agent: Agent | undefined;
  private sdk: BatchServiceClient | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly cert: string,
  ) {
    this.next = this.load();
  }

  static async over(folder: string): Promise<MortalService> {
    const { key, cert } = await certificate();
    writeFileSync(join(folder, "key.pem"), key);
    writeFileSync(join(folder, "cert.pem"), cert);
    // Once: translating the sources in each life would take most of the test's time.
    buildSync({
      entryPoints: [join(__dirname, "serviceToKill.ts")],
      outfile: programIn(folder),
      bundle: true,
      packages: "external",
      platform: "node",
    });
    // What starts the tasks is a process of its own, looked for beside the program.
    copyFileSync(join(project, "local/compute/launcher.cjs"), join(folder, "launcher.cjs"));
    return new MortalService(folder, await freePort(), cert);
  }

  /** Of this life; no retries. */
  get client(): BatchServiceClient {
    if (this.sdk === undefined) throw new Error("the service is not open");
    return this.sdk;
  }

  /** Begins a life; resolves when it listens. What it says when it cannot is the error. */
  async open(): Promise<void> {
    const life = this.begin();
    let said = "";
    life.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const late = setTimeout(() => life.kill("SIGKILL"), openingDeadlineMs);
    await new Promise<void>((listens, fail) => {
      createInterface(life.stdout!).once("line", () => listens());
      life.once("exit", () => fail(new Error(`the service did not come back: ${said}`)));
    });
    clearTimeout(late);
    this.agent = new Agent({ ca: this.cert, keepAlive: true });
    const credentials = new BatchSharedKeyCredentials(accountName, keys.primary);
    this.sdk = new BatchServiceClient(credentials, `https://127.0.0.1:${this.port}`, {
      noRetryPolicy: true,
      agentSettings: { http: this.agent, https: this.agent },
    });
  }

  /** A life that begins and does not get far: see `kill`. */
  begin(): ChildProcess {
    this.life = this.next;
    this.next = this.load();
    this.life.stdin?.write(`${JSON.stringify({ folder: this.folder, port: this.port })}\n`);
    return this.life;
  }

  /** SIGKILL to the service alone. Its tasks cannot be told. */
  async kill(): Promise<void> {
    await end(this.life);
    this.agent?.destroy();
    this.sdk = undefined;
  }

  /** Command lines on the account's nodes that do not belong to this life of the service. */
  strays(): string[] {
    const nodes = nodeFolder(this.folder);
    const found = readdirSync("/proc").flatMap((pid) => processIn(nodes, pid) ?? []);
    // The service starts its launcher, and that the tasks.
    const ours = new Set(
      found.filter(({ parent }) => parentOf(parent) === this.life?.pid).map(({ group }) => group),
    );
    return found.filter(({ group }) => !ours.has(group)).map(({ commandLine }) => commandLine);
  }

  async close(): Promise<void> {
    await this.kill();
    await end(this.next);
  }

  private load(): ChildProcess {
    return spawn(process.execPath, [programIn(this.folder)], {
      env: { PATH: process.env.PATH, NODE_PATH: join(project, "node_modules") },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }
}

const programIn = (folder: string): string => join(folder, "service.js");

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await over;
}

interface NodeProcess {
  readonly parent: number;
  readonly group: number;
  readonly commandLine: string;
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ")[1]);
  } catch {
    return undefined; // it ended meanwhile
  }
}

function processIn(folder: string, pid: string): NodeProcess | undefined {
  if (!/^\d+$/.test(pid)) return undefined;
  try {
    if (!readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) return undefined;
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    // proc(5): pid (comm) state ppid pgrp …
    const [state, parent, group] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return state === "Z" ? undefined : { parent: Number(parent), group: Number(group), commandLine };
  } catch {
    return undefined; // it ended meanwhile
  }
}
