/** A task's throughput from and to containers over HTTPS with added latency, against the same pictures from and to folders. */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAzurite } from "../../local/azurite";
import { freePort } from "../../local/ports";
import { openCertificate } from "../../local/tls";
import { makePictures, sizes } from "./pictures";
import { openSlowLink } from "./slowLink";
import type { StreamStart } from "./streamProcess";

export interface StreamReport {
  readonly latencyMs: number;
  readonly threads: number;
  readonly rounds: readonly StreamRound[];
}

/** Images a second. */
export interface StreamRound {
  readonly size: string;
  readonly folder: number;
  readonly containers: number;
}

const latencyMs = 30;
const account = "bench";

/** One inference thread by default, as a task has: the store and the link need a core of their own here, which they do not take in Azure. */
export async function measureStream(
  options: {
    readonly model: string;
    readonly images: string;
    readonly threads: number;
    readonly count: number;
    readonly rounds: number;
  },
  report: (line: string) => void,
): Promise<StreamReport> {
  const folder = await mkdtemp(join(tmpdir(), "detect-bench-"));
  try {
    report("Making pictures …");
    const sets = [];
    for (const size of sizes) sets.push(await makePictures(options.images, folder, size, options.count));
    const certificate = await openCertificate(join(folder, "tls"));
    const [port, key] = [await freePort(), randomBytes(64).toString("base64")];
    const azurite = await startAzurite({
      account,
      key,
      port,
      folder: join(folder, "azurite"),
      certificate,
      environment: {},
    });
    const link = await openSlowLink(port, latencyMs);
    try {
      const { model, threads, rounds } = options;
      const blobEndpoint = `https://127.0.0.1:${link.port}/${account}`;
      const start: StreamStart = { model, threads, rounds, sets, blobEndpoint, account, key };
      return { latencyMs, threads, rounds: await inProcess(start, certificate.certFile, report) };
    } finally {
      link.close();
      await azurite.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A process of its own, since whom Node trusts is read at its start. */
async function inProcess(
  start: StreamStart,
  certFile: string,
  report: (line: string) => void,
): Promise<StreamRound[]> {
  const child = fork(join(__dirname, "streamProcess.ts"), {
    execArgv: ["--require", "tsx/cjs"],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certFile },
  });
  const rounds: StreamRound[] = [];
  child.on("message", (round: StreamRound) => {
    rounds.push(round);
    report(
      `${round.size}: folder ${round.folder.toFixed(1)}, containers ${round.containers.toFixed(1)} images/s`,
    );
  });
  child.send(start);
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the streaming process ended with ${code}`);
  return rounds;
}
