/** The target of mutated requests: a Batch service with two accounts, what they have, and whether they still have it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";
import { certificate } from "../../local/batch/certificate";
import { bash, pool, textOf } from "../../local/batch/fixtures";
import { project } from "../../support/command";
import { eventually } from "../../support/eventually";
import { type AccountName, accounts, keysOf, levelsBelow, secret } from "./accounts";
import type { Endpoint } from "./wire";

/** Far above what a start takes on a busy machine. */
const startDeadlineMs = 60_000;

export class Target {
  private ended: string | undefined;

  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly cert: string,
    private readonly agent: Agent,
    private readonly ports: readonly number[],
  ) {
    child.once("exit", (code, signal) => (this.ended = String(signal ?? code)));
  }

  /** Somewhere below the folder, with what is kept there. */
  static async start(temporary: string): Promise<Target> {
    const folder = join(temporary, ...Array.from({ length: levelsBelow }, () => "below"));
    mkdirSync(join(folder, "outside"), { recursive: true });
    writeFileSync(join(folder, "outside/decoy.txt"), secret);
    const { key, cert } = await certificate();
    writeFileSync(join(folder, "key.pem"), key);
    writeFileSync(join(folder, "cert.pem"), cert);
    const program = join(__dirname, "service.ts");
    const child = spawn(process.execPath, ["--require", "tsx/cjs", program, folder], {
      cwd: project,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const late = setTimeout(() => child.kill("SIGKILL"), startDeadlineMs);
    const line = await new Promise<string>((said, fail) => {
      createInterface(child.stdout).once("line", said);
      child.once("exit", () => fail(new Error("the target did not start")));
    });
    clearTimeout(late);
    const agent = new Agent({ ca: cert, keepAlive: true });
    return new Target(folder, child, cert, agent, JSON.parse(line) as number[]);
  }

  /** Why the process is gone; undefined while it lives. */
  get death(): string | undefined {
    return this.ended;
  }

  endpoint(accountName: AccountName): Endpoint {
    const port = this.ports[accounts.indexOf(accountName)] ?? 0;
    return { port, accountName, key: keysOf(accountName).primary, certificate: this.cert };
  }

  client(accountName: AccountName): BatchServiceClient {
    const { port, key } = this.endpoint(accountName);
    const { agent } = this;
    return new BatchServiceClient(
      new BatchSharedKeyCredentials(accountName, key),
      `https://127.0.0.1:${port}`,
      {
        noRetryPolicy: true,
        agentSettings: { http: agent, https: agent },
      },
    );
  }

  /** Gives an account its pool, job and task, and spare ones, unless they are there as they should be; returns the id of its node. */
  async furnish(accountName: AccountName): Promise<string> {
    const client = this.client(accountName);
    const nodeId = await this.furnishOwn(client, accountName);
    // One that is still there, in whatever state, refuses.
    await attempt(() => client.pool.add(pool({ id: "spare", targetDedicatedNodes: 0 })));
    await attempt(() => client.job.add({ id: "spare", poolInfo: { poolId: "pool" } }));
    await attempt(() => client.task.add("job", { id: "spare", commandLine: "/bin/false" }));
    return nodeId;
  }

  private async furnishOwn(client: BatchServiceClient, accountName: AccountName): Promise<string> {
    const nodeId = await this.nodeReady(client);
    if (nodeId !== undefined && (await taskReady(client))) return nodeId;
    await Promise.all([
      attempt(() => client.job.deleteMethod("job")),
      attempt(() => client.pool.deleteMethod("pool")),
    ]);
    await eventually("job and pool to be gone", async () => {
      const left = [...(await client.job.list()), ...(await client.pool.list())];
      return left.every(({ id }) => id?.toLowerCase() !== "job" && id?.toLowerCase() !== "pool");
    });
    await client.pool.add(pool({ taskSlotsPerNode: 4 }));
    await client.job.add({ id: "job", poolInfo: { poolId: "pool" }, usesTaskDependencies: true });
    const others = join(this.folder, "nodes/other");
    const links = `ln -s "$(find ${others} -type d -name task)" other; ln -s ${this.folder}/outside outside; ln -s ${this.folder} up; ln -s . self`;
    const says = accountName === "other" ? `echo ${secret}` : `echo first; ${links}`;
    await client.task.add("job", { id: "task", commandLine: bash(says) });
    await eventually("the task to end", async () => taskReady(client));
    return eventually("the node to be idle", async () => this.nodeReady(client));
  }

  /** In the other account, more that bears its secret. */
  async hide(): Promise<void> {
    const client = this.client("other");
    await client.pool.add(pool({ id: secret, targetDedicatedNodes: 0, displayName: secret }));
    const commonEnvironmentSettings = [{ name: "SECRET", value: secret }];
    await client.job.add({ id: secret, poolInfo: { poolId: secret }, commonEnvironmentSettings });
    await client.task.add(secret, { id: secret, commandLine: secret });
  }

  /** Everything that an account shows of its pools, jobs and tasks, but for what changes by itself. */
  async holdings(accountName: AccountName): Promise<Record<string, unknown>> {
    const client = this.client(accountName);
    const found: Record<string, unknown> = {};
    for (const one of await client.pool.list()) found[`pool ${one.id}`] = one.metadata ?? null;
    for (const job of await client.job.list()) {
      if (job.state === "deleting") continue;
      found[`job ${job.id}`] = [job.priority, job.state, job.constraints];
      for (const task of await client.task.list(job.id ?? ""))
        found[`task ${job.id}/${task.id}`] = [task.commandLine, task.constraints?.maxWallClockTime];
    }
    return found;
  }

  async said(accountName: AccountName): Promise<string> {
    return textOf(await this.client(accountName).file.getFromTask("job", "task", "stdout.txt"));
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    if (this.ended !== undefined) return;
    const over = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGKILL");
    await over;
  }

  private async nodeReady(client: BatchServiceClient): Promise<string | undefined> {
    const shown = await client.pool.get("pool").catch(() => undefined);
    if (shown?.state !== "active" || shown.enableAutoScale === true) return undefined;
    const nodes = await client.computeNode.list("pool");
    return nodes.find((node) => node.state === "idle" || node.state === "running")?.id;
  }
}

async function taskReady(client: BatchServiceClient): Promise<boolean> {
  try {
    const [job, task] = [await client.job.get("job"), await client.task.get("job", "task")];
    const files = [...(await client.file.listFromTask("job", "task"))].map(({ name }) => name);
    return (
      job.state === "active" &&
      task.state === "completed" &&
      files.includes("stdout.txt") &&
      files.includes("wd")
    );
  } catch {
    return false; // it is not there any more
  }
}

/** For what may be done already. */
async function attempt(act: () => Promise<unknown>): Promise<void> {
  await act().catch(() => undefined);
}
