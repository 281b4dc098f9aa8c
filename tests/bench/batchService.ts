/** The Batch service in another process, and the unmodified SDK that drives it over HTTPS. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";
import type { BatchProcessReady } from "./batchProcess";

export class BatchService {
  private constructor(
    private readonly child: ChildProcess,
    private readonly agent: Agent,
    readonly client: BatchServiceClient,
    /** From the start of the process to its first answer to the client. */
    readonly startSeconds: number,
  ) {}

  /** Starts it over a folder, which may hold what an earlier one left. */
  static async open(folder: string): Promise<BatchService> {
    const startedMs = performance.now();
    const child = fork(join(__dirname, "batchProcess.ts"), [folder], {
      execArgv: ["--require", "tsx/cjs"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const died = once(child, "exit").then(() => Promise.reject(new Error("the service died")));
    const [ready] = (await Promise.race([once(child, "message"), died])) as [BatchProcessReady];
    died.catch(() => undefined);
    const agent = new Agent({ ca: readFileSync(ready.trust), keepAlive: true });
    const credentials = new BatchSharedKeyCredentials(ready.account, ready.key);
    const client = new BatchServiceClient(credentials, ready.endpoint, {
      noRetryPolicy: true,
      agentSettings: { http: agent, https: agent },
    });
    await client.job.list();
    return new BatchService(child, agent, client, (performance.now() - startedMs) / 1000);
  }

  /** The most memory that the service's process ever had (proc(5): VmHWM), in MB. */
  get peakMb(): number {
    return this.status("VmHWM") / 1024;
  }

  /** Seconds of processor time that it has used so far (proc(5): utime and stime, in hundredths). */
  get cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.child.pid}/stat`, "utf8");
    const [utime = "0", stime = "0"] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13);
    return (Number(utime) + Number(stime)) / 100;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.disconnect();
    await gone;
  }

  private status(name: string): number {
    const text = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  }
}
