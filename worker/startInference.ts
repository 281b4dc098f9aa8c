/** Starting an inference process: one whose model is loaded, or a sentence that says why there is none. */
import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FromInference, InferenceStart, ToInference } from "./inference";
import type { ModelInfo } from "./model";
import type { Versions } from "./versions";

export interface StartedInference {
  readonly child: ChildProcess;
  readonly info: ModelInfo;
  readonly versions: Versions;
}

const loadDeadlineMs = 120_000;

/** Rejects with an Error of one sentence when the model cannot be used; nothing runs then. */
export function startInference(start: InferenceStart, cancelled: AbortSignal): Promise<StartedInference> {
  // In the layer there is a bundle beside the bundle; in the source tree there is TypeScript.
  const bundle = join(__dirname, "inference.js");
  return existsSync(bundle)
    ? ready(forkInference(bundle, []), start, cancelled)
    : ready(forkInference(join(__dirname, "inference.ts"), ["--require", "tsx/cjs"]), start, cancelled);
}

/** Bytes of pictures travel as they are ("advanced"), not as JSON. */
export function forkInference(file: string, execArgv: readonly string[]): ChildProcess {
  return fork(file, {
    execArgv: [...execArgv],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

/** Tells a process what to load and waits for its first word. */
export function ready(
  child: ChildProcess,
  start: InferenceStart,
  cancelled: AbortSignal,
): Promise<StartedInference> {
  const { modelFile } = start;
  return new Promise((resolve, reject) => {
    const stopWaiting = (): void => {
      clearTimeout(deadline);
      cancelled.removeEventListener("abort", cancel);
      child.off("exit", died).off("message", heard).off("error", fail);
    };
    const fail = (error: Error): void => {
      stopWaiting();
      child.on("error", () => undefined); // of a process that is being ended
      void end(child).then(() => reject(error));
    };
    const died = (): void => fail(new Error(`An inference process died while loading ${modelFile}.`));
    const cancel = (): void => fail(new Error(`Loading ${modelFile} was cancelled.`));
    const heard = (answer: FromInference): void => {
      if (answer.kind === "outcome") return;
      if (answer.kind === "unusable") {
        fail(new Error(answer.message));
        return;
      }
      stopWaiting();
      resolve({ child, info: answer.info, versions: answer.versions });
    };
    const deadline = setTimeout(
      () => fail(new Error(`The model ${modelFile} was not loaded after ${loadDeadlineMs / 1000} s.`)),
      loadDeadlineMs,
    );
    cancelled.addEventListener("abort", cancel);
    child.once("exit", died).on("message", heard).once("error", fail);
    child.send({ kind: "start", start } satisfies ToInference, () => undefined);
  });
}

/** Ends a process at once, whatever it computes, and waits until it is gone. */
export function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
