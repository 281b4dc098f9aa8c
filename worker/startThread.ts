/** Starting an inference thread: a worker thread whose model is loaded, or a sentence that says why there is none. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { ModelInfo } from "./model";
import type { ThreadAnswer, ThreadStart } from "./thread";

export type StartedThread = { readonly worker: Worker; readonly info: ModelInfo };

const loadDeadlineMs = 120_000;

/** Rejects with an Error of one sentence when the model cannot be used; nothing runs then. */
export function startThread(start: ThreadStart, cancelled: AbortSignal): Promise<StartedThread> {
  const { modelFile } = start;
  return ready(newWorker(start), modelFile, cancelled);
}

/** In the layer there is a bundle beside the bundle; in the source tree there is TypeScript. */
function newWorker(workerData: ThreadStart): Worker {
  const bundle = join(__dirname, "thread.js");
  return existsSync(bundle)
    ? new Worker(bundle, { workerData })
    : new Worker(join(__dirname, "thread.ts"), { workerData, execArgv: ["--require", "tsx/cjs"] });
}

/** Waits for a thread's first word. */
export function ready(worker: Worker, modelFile: string, cancelled: AbortSignal): Promise<StartedThread> {
  return new Promise((resolve, reject) => {
    const stopWaiting = (): void => {
      clearTimeout(deadline);
      cancelled.removeEventListener("abort", cancel);
      worker.off("error", fail).off("exit", died);
    };
    const fail = (error: Error): void => {
      stopWaiting();
      worker.on("error", () => undefined); // of a thread that is being ended
      void worker.terminate().then(() => reject(error));
    };
    const died = (): void => fail(new Error(`An inference thread died while loading ${modelFile}.`));
    const cancel = (): void => fail(new Error(`Loading ${modelFile} was cancelled.`));
    const deadline = setTimeout(
      () => fail(new Error(`The model ${modelFile} was not loaded after ${loadDeadlineMs / 1000} s.`)),
      loadDeadlineMs,
    );
    cancelled.addEventListener("abort", cancel);
    worker.once("error", fail);
    worker.once("exit", died);
    worker.once("message", (answer: ThreadAnswer) => {
      if (answer.kind === "outcome") return;
      if (answer.kind === "unusable") {
        fail(new Error(answer.message));
        return;
      }
      stopWaiting();
      resolve({ worker, info: answer.info });
    });
  });
}
