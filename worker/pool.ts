/**
 * The inference threads of a run. onnxruntime-node computes on the thread that asks, so each session has a thread of its own.
 *
 * A thread holds up to two images: one being inferred, one being decoded or encoded. When a thread dies, the images it held
 * are tried once more, each alone on a fresh thread; the one that kills that thread too is the guilty one and becomes a
 * failure. Threads that die one after another without any outcome in between end the run.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { DetectionSettings } from "./contract/settings";
import type { ModelInfo } from "./model";
import type { ImageOutcome } from "./outcome";
import type { ThreadAnswer, ThreadRequest, ThreadStart } from "./thread";

export interface PoolOptions {
  readonly modelFile: string;
  readonly settings: DetectionSettings;
  readonly threads: number;
}

interface Image {
  readonly request: ThreadRequest;
  readonly settle: (outcome: ImageOutcome) => void;
  readonly fail: (error: Error) => void;
  /** It was held by a thread that died: it gets a thread to itself. */
  readonly suspect: boolean;
}

interface Thread {
  readonly worker: Worker;
  readonly images: Map<number, Image>;
}

const imagesPerThread = 2;
const deathsInARow = 5;
const loadDeadlineMs = 120_000;

export class DetectorPool {
  readonly #threads = new Set<Thread>();
  readonly #waiting: Image[] = [];
  #nextId = 1;
  #deaths = 0;
  #closed = false;
  /** The pool cannot go on: set once, and every image after that fails with it. */
  #broken: Error | undefined;

  private constructor(
    readonly info: ModelInfo,
    readonly options: PoolOptions,
  ) {}

  /** Starts the threads; throws an Error of one sentence when the model cannot be used. */
  static async open(options: PoolOptions): Promise<DetectorPool> {
    const first = await startThread(options);
    const pool = new DetectorPool(first.info, options);
    pool.#adopt(first.worker);
    try {
      const others = Array.from({ length: options.threads - 1 }, () => startThread(options));
      for (const { worker } of await Promise.all(others)) pool.#adopt(worker);
      return pool;
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /** How many images it works on at once. */
  get capacity(): number {
    return this.options.threads * imagesPerThread;
  }

  /** Rejects only when the pool itself cannot go on. */
  detect(bytes: Uint8Array, wantsAnnotated: boolean): Promise<ImageOutcome> {
    return new Promise((settle, fail) => {
      const request = { id: this.#nextId++, bytes, wantsAnnotated };
      this.#waiting.push({ request, settle, fail, suspect: false });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #adopt(worker: Worker): void {
    const thread: Thread = { worker, images: new Map() };
    this.#threads.add(thread);
    worker.on("message", (answer: ThreadAnswer) => {
      if (answer.kind !== "outcome") return;
      this.#deaths = 0;
      const image = thread.images.get(answer.id);
      thread.images.delete(answer.id);
      image?.settle(answer.outcome);
      this.#dispatch();
    });
    // An error is followed by the exit, which is where the images are taken care of.
    worker.on("error", () => undefined);
    worker.once("exit", () => this.#died(thread));
  }

  #dispatch(): void {
    if (this.#broken !== undefined) {
      for (const image of this.#waiting.splice(0)) image.fail(this.#broken);
      return;
    }
    for (const thread of [...this.#threads].sort((a, b) => a.images.size - b.images.size)) {
      while (this.#waiting[0] !== undefined && hasRoom(thread, this.#waiting[0])) {
        const image = this.#waiting.shift()!;
        thread.images.set(image.request.id, image);
        thread.worker.postMessage(image.request);
      }
    }
  }

  #died(thread: Thread): void {
    this.#threads.delete(thread);
    if (this.#closed) return;
    for (const image of thread.images.values()) {
      if (image.suspect) image.settle(crashed);
      else this.#waiting.unshift({ ...image, suspect: true });
    }
    this.#deaths += 1;
    if (this.#deaths > deathsInARow)
      this.#break(new Error(`Inference threads died ${this.#deaths} times in a row.`));
    else
      startThread(this.options).then(
        ({ worker }) => this.#replace(worker),
        (error: unknown) => this.#break(asError(error)),
      );
    this.#dispatch();
  }

  #replace(worker: Worker): void {
    if (this.#closed) void worker.terminate();
    else this.#adopt(worker);
    this.#dispatch();
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#dispatch();
  }
}

const crashed: ImageOutcome = {
  kind: "failed",
  failure: { stage: "detect", code: "crashed", message: "The inference thread died of this image, twice." },
};

function hasRoom({ images }: Thread, image: Image): boolean {
  if (image.suspect) return images.size === 0;
  return images.size < imagesPerThread && ![...images.values()].some((held) => held.suspect);
}

/** Resolves when the model is loaded. */
function startThread({ modelFile, settings }: PoolOptions): Promise<{ worker: Worker; info: ModelInfo }> {
  // In the layer there is a bundle beside the bundle; in the source tree there is TypeScript.
  const bundle = join(__dirname, "thread.js");
  const start: ThreadStart = { modelFile, settings };
  const worker = existsSync(bundle)
    ? new Worker(bundle, { workerData: start })
    : new Worker(join(__dirname, "thread.ts"), { workerData: start, execArgv: ["--require", "tsx/cjs"] });
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      clearTimeout(deadline);
      void worker.terminate();
      reject(error);
    };
    const deadline = setTimeout(
      () => fail(new Error(`The model ${modelFile} was not loaded after ${loadDeadlineMs / 1000} s.`)),
      loadDeadlineMs,
    );
    const died = (): void => fail(new Error(`An inference thread died while loading ${modelFile}.`));
    worker.once("error", fail);
    worker.once("exit", died);
    worker.once("message", (answer: ThreadAnswer) => {
      if (answer.kind !== "ready")
        { fail(new Error(answer.kind === "unusable" ? answer.message : "out of order")); return; }
      clearTimeout(deadline);
      worker.off("error", fail).off("exit", died);
      resolve({ worker, info: answer.info });
    });
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
