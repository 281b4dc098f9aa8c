/** Execution: one command line on one node, from its resource files through its retries to its output files. */
import { join } from "node:path";
import type { Blobs } from "../blobs";
import { splitCommandLine } from "./commandLine";
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
  unknownFailure,
  uploadTimedOut,
} from "./failureInfo";
import { uploadOutputFiles } from "./outputFiles";
import { type AccessOf, fetchResourceFiles, TransferFailure } from "./resourceFiles";
import { type FailureInfo, type RunInfo, type StartedRun, timestamp } from "./state";
import type { ProcessEnd, ProcessGroups } from "./taskProcess";
import type { Work } from "./work";

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

export class Execution {
  /** What became of it. Never rejects: a fault of the local cloud itself is a run that failed. */
  readonly ended: Promise<Ended>;
  private readonly stopping = new AbortController();
  private readonly outOfTime = new AbortController();
  /** Either of the two. */
  private readonly interrupted = AbortSignal.any([this.stopping.signal, this.outOfTime.signal]);
  private info: StartedRun = { startTime: timestamp(), retryCount: 0 };

  /** Starts at once; `onTry` hears of every try. */
  constructor(
    private readonly work: Work,
    private readonly tools: NodeTools,
    private readonly onTry: (run: StartedRun) => void,
  ) {
    this.ended = this.run().catch((error: unknown) => this.end(failed(unknownFailure(String(error)))));
  }

  stop(): void {
    this.stopping.abort();
  }

  private async run(): Promise<Ended> {
    const { work } = this;
    for (;;) {
      this.onTry(this.info);
      const cancel = after(work.maxWallClockMs, () => this.outOfTime.abort());
      const end = await this.tryOnce();
      cancel();
      if (this.stopping.signal.aborted) return this.end({ ...failed(endedByUser), ...exitCodeOf(end) });
      const { retryCount } = this.info;
      const retry =
        end.kind === "exited" &&
        end.exitCode !== 0 &&
        (work.maxTaskRetryCount === -1 || retryCount < work.maxTaskRetryCount);
      if (!retry) return this.end(await this.conclude(end));
      this.info = { startTime: timestamp(), retryCount: retryCount + 1, lastRetryTime: timestamp() };
    }
  }

  /** Azure: not documented whether a task that its user ends still uploads its output files; here: it does not. */
  private end(conclusion: Partial<RunInfo>): Ended {
    return {
      run: { ...this.info, ...conclusion, endTime: timestamp() },
      stopped: this.stopping.signal.aborted,
    };
  }

  private async tryOnce(): Promise<TryEnd> {
    const { work, tools, interrupted } = this;
    const { path, workingDirectory } = work.directory;
    const early = await this.fetch();
    if (early !== undefined) return early;
    let argv: string[];
    try {
      argv = splitCommandLine(work.commandLine);
    } catch (error) {
      return { kind: "not-run", failureInfo: launchFailed(String(error)) };
    }
    const running = tools.groups.start({
      argv,
      workingDirectory,
      environment: work.environment,
      stdoutFile: join(path, "stdout.txt"),
      stderrFile: join(path, "stderr.txt"),
    });
    if (interrupted.aborted) running.stop();
    else interrupted.addEventListener("abort", () => running.stop(), { once: true });
    const end = await running.ended;
    if (interrupted.aborted)
      return { kind: "interrupted", ...(end.kind === "exited" ? { exitCode: end.exitCode } : {}) };
    return tryEnd(end, argv[0] ?? "");
  }

  /** Undefined when every resource file arrived. */
  private async fetch(): Promise<TryEnd | undefined> {
    const failureInfo = await this.download().catch((error: unknown) =>
      error instanceof TransferFailure ? error.failureInfo : fileNotCreated(String(error)),
    );
    if (this.interrupted.aborted) return { kind: "interrupted" };
    return failureInfo && { kind: "not-run", failureInfo };
  }

  private async download(): Promise<FailureInfo | undefined> {
    const { directory, resourceFiles } = this.work;
    if (resourceFiles.length === 0) return undefined;
    const { blobs, accessOf } = this.tools;
    return withinTransferTime(this.interrupted, downloadTimedOut(transferMs), async (signal) => {
      await fetchResourceFiles(resourceFiles, directory.workingDirectory, blobs, accessOf, signal);
      return undefined;
    });
  }

  /** Uploads, and says how the last try counts: a failed upload fails a task whose command line succeeded. */
  private async conclude(end: TryEnd): Promise<Partial<RunInfo>> {
    const failureInfo = failureOf(end);
    const uploadFailure = await this.upload(failureInfo === undefined);
    const failure = failureInfo ?? uploadFailure;
    return { ...(failure === undefined ? { result: "success" } : failed(failure)), ...exitCodeOf(end) };
  }

  private async upload(succeeded: boolean): Promise<FailureInfo | undefined> {
    const { work, tools } = this;
    if (work.outputFiles.length === 0) return undefined;
    return withinTransferTime(this.stopping.signal, uploadTimedOut(transferMs), (signal) =>
      uploadOutputFiles(work, succeeded, tools, signal),
    );
  }
}

/** How long the downloads of one try, or the uploads of a task, may take: long enough for a slow link, short of for ever. */
const transferMs = 30 * 60_000;

/** What the transfer came to, or `late` when it takes too long. Its signal ends whatever of it is still under way then, or after a failure. */
async function withinTransferTime<Result>(
  interrupted: AbortSignal,
  late: FailureInfo,
  transfer: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | FailureInfo> {
  const over = new AbortController();
  const cancel = after(transferMs, () => over.abort());
  try {
    const result = await transfer(AbortSignal.any([interrupted, over.signal]));
    return over.signal.aborted ? late : result;
  } catch (error) {
    if (over.signal.aborted) return late;
    throw error;
  } finally {
    cancel();
    over.abort();
  }
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
