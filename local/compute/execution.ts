/** Execution: one command line on one node, from its resource files through its retries to its output files. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BatchServiceModels } from "@azure/batch";
import type { Blobs } from "../blobs";
import { splitCommandLine } from "./commandLine";
import type { TaskDirectory } from "./directories";
import { after } from "./duration";
import {
  downloadTimedOut,
  endedByUser,
  failed,
  failureExitCode,
  fileNotCreated,
  launchFailed,
  outOfTime,
  programNotFound,
  uploadTimedOut,
} from "./failureInfo";
import { uploadOutputFiles } from "./outputFiles";
import { type AccessOf, fetchResourceFiles, TransferFailure } from "./resourceFiles";
import { type FailureInfo, type RunInfo, type StartedRun, timestamp } from "./state";
import type { ProcessEnd, ProcessGroups } from "./taskProcess";

export interface Work {
  readonly commandLine: string;
  readonly resourceFiles: readonly BatchServiceModels.ResourceFile[];
  readonly outputFiles: readonly BatchServiceModels.OutputFile[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: TaskDirectory;
  /** Tries after the first, for exit codes other than 0 only; -1 is unlimited. */
  readonly maxTaskRetryCount: number;
  /** For each try, its downloads included; Infinity is no limit. */
  readonly maxWallClockMs: number;
}

export interface NodeTools {
  readonly groups: ProcessGroups;
  readonly blobs: Blobs;
  readonly accessOf: AccessOf;
}

/** How one try ended. `interrupted`: by stop() or by the wall clock, whichever `Execution` knows. */
type TryEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "not-run"; readonly failureInfo: FailureInfo }
  | { readonly kind: "interrupted"; readonly exitCode?: number };

export interface Ended {
  readonly run: StartedRun;
  /** By stop(): nobody knows how it would have ended. */
  readonly stopped: boolean;
}

type Interruption = "stopped" | "wall-clock";

export class Execution {
  /** What became of it. Never rejects but for a fault of the local cloud itself. */
  readonly ended: Promise<Ended>;
  private readonly interruption = new AbortController();

  /** Starts at once; `onTry` hears of every try. */
  constructor(
    private readonly work: Work,
    private readonly tools: NodeTools,
    private readonly onTry: (run: StartedRun) => void,
  ) {
    this.ended = this.run();
  }

  stop(): void {
    this.interrupt("stopped");
  }

  private interrupt(why: Interruption): void {
    this.interruption.abort(why);
  }

  private async run(): Promise<Ended> {
    const { work } = this;
    await mkdir(work.directory.workingDirectory, { recursive: true });
    let info: StartedRun = { startTime: timestamp(), retryCount: 0 };
    for (;;) {
      this.onTry(info);
      const cancel = after(work.maxWallClockMs, () => this.interrupt("wall-clock"));
      const end = await this.tryOnce();
      cancel();
      // Azure: not documented whether a task that its user ends still uploads its output files; here: it does not.
      if (this.interruption.signal.reason === "stopped")
        return {
          run: { ...info, ...failed(endedByUser), ...exitCodeOf(end), endTime: timestamp() },
          stopped: true,
        };
      const retry =
        end.kind === "exited" &&
        end.exitCode !== 0 &&
        (work.maxTaskRetryCount === -1 || info.retryCount < work.maxTaskRetryCount);
      if (!retry) {
        const conclusion = await this.conclude(end);
        return { run: { ...info, ...conclusion, endTime: timestamp() }, stopped: false };
      }
      info = { startTime: timestamp(), retryCount: info.retryCount + 1, lastRetryTime: timestamp() };
    }
  }

  private async tryOnce(): Promise<TryEnd> {
    const { work, tools } = this;
    const { signal } = this.interruption;
    const interrupted = new Promise<TryEnd>((resolve) => {
      if (signal.aborted) resolve({ kind: "interrupted" });
      else signal.addEventListener("abort", () => resolve({ kind: "interrupted" }), { once: true });
    });
    const fetched = this.fetch();
    const early = await Promise.race([fetched, interrupted]);
    if (early !== undefined) return early;
    let argv: string[];
    try {
      argv = splitCommandLine(work.commandLine);
    } catch (error) {
      return { kind: "not-run", failureInfo: launchFailed(String(error)) };
    }
    const { path, workingDirectory } = work.directory;
    const running = tools.groups.start({
      argv,
      workingDirectory,
      environment: work.environment,
      stdoutFile: join(path, "stdout.txt"),
      stderrFile: join(path, "stderr.txt"),
    });
    if (signal.aborted) running.stop();
    else signal.addEventListener("abort", () => running.stop(), { once: true });
    const end = await running.ended;
    if (signal.aborted)
      return { kind: "interrupted", ...(end.kind === "exited" ? { exitCode: end.exitCode } : {}) };
    return tryEnd(end, argv[0] ?? "");
  }

  /** Undefined when every resource file arrived. */
  private async fetch(): Promise<TryEnd | undefined> {
    const { work, tools } = this;
    try {
      const { directory, resourceFiles } = work;
      const { blobs, accessOf } = tools;
      const fetching = fetchResourceFiles(resourceFiles, directory.workingDirectory, blobs, accessOf);
      const arrived = fetching.then(() => undefined);
      const late = await withinTransferTime(arrived, downloadTimedOut(transferMs));
      return late && { kind: "not-run", failureInfo: late };
    } catch (error) {
      return {
        kind: "not-run",
        failureInfo: error instanceof TransferFailure ? error.failureInfo : fileNotCreated(String(error)),
      };
    }
  }

  /** Uploads, and says how the last try counts: a failed upload fails a task whose command line succeeded. */
  private async conclude(end: TryEnd): Promise<Partial<RunInfo>> {
    const { work, tools } = this;
    const failureInfo = failureOf(end);
    const uploading = uploadOutputFiles(work, failureInfo === undefined, tools);
    const uploadFailure = await withinTransferTime(uploading, uploadTimedOut(transferMs));
    const failure = failureInfo ?? uploadFailure;
    return { ...(failure === undefined ? { result: "success" } : failed(failure)), ...exitCodeOf(end) };
  }
}

/** How long the downloads of one try, or the uploads of a task, may take: long enough for a slow link, short of for ever. */
const transferMs = 30 * 60_000;

/** What the transfer came to, or `late` when it takes too long. */
async function withinTransferTime<Result>(
  transfer: Promise<Result>,
  late: FailureInfo,
): Promise<Result | FailureInfo> {
  let cancel = (): void => undefined;
  const deadline = new Promise<FailureInfo>((resolve) => {
    cancel = after(transferMs, () => resolve(late));
  });
  return Promise.race([transfer, deadline]).finally(() => cancel());
}

function exitCodeOf(end: TryEnd): { exitCode?: number } {
  return end.kind === "not-run" || end.exitCode === undefined ? {} : { exitCode: end.exitCode };
}

function failureOf(end: TryEnd): FailureInfo | undefined {
  switch (end.kind) {
    case "not-run":
      return end.failureInfo;
    case "interrupted":
      return outOfTime;
    case "exited":
      return end.exitCode === 0 ? undefined : failureExitCode(end.exitCode);
  }
}

function tryEnd(end: ProcessEnd, program: string): TryEnd {
  switch (end.kind) {
    case "exited":
      return end;
    case "program-not-found":
      return { kind: "not-run", failureInfo: programNotFound(program) };
    case "launch-failed":
      return { kind: "not-run", failureInfo: launchFailed(end.reason) };
  }
}
