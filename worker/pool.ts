/**
 * The inference threads of a run. onnxruntime-node computes on the thread that asks, so each session has a thread of its own.
 *
 * A thread holds up to two images: one being inferred, one being decoded or encoded. When a thread dies, the images it held
 * are tried once more, each alone on a thread; the one that kills that thread too is the guilty one and becomes a
 * failure. Threads that die one after another without any outcome in between end the run.
 */
import type { Worker } from "node:worker_threads";
import type { ModelInfo } from "./model";
import type { ImageOutcome } from "./outcome";
import { startThread, type StartedThread } from "./startThread";
import type { ThreadAnswer, ThreadRequest, ThreadStart } from "./thread";

export interface PoolOptions extends ThreadStart {
  readonly threads: number;
}

/** How a thread is made ready for a pool. */
export type Start = (start: ThreadStart, cancelled: AbortSignal) => Promise<StartedThread>;

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
/** A thread. Two guilty images side by side already make three. */
const deathsInARow = 5;

export class DetectorPool {
  readonly #threads = new Set<Thread>();
  readonly #waiting: Image[] = [];
  #nextId = 1;
  #deaths = 0;
  readonly #closed = new AbortController();
  /** The pool cannot go on: set once, and every image after that fails with it. */
  #broken: Error | undefined;

  private constructor(
    readonly info: ModelInfo,
    readonly options: PoolOptions,
    readonly start: Start,
  ) {}

  /** Starts the threads; throws an Error of one sentence when the model cannot be used. */
  static async open(options: PoolOptions, start: Start = startThread): Promise<DetectorPool> {
    // The first alone: where the model is unusable, one thread says so.
    const first = await start(options, new AbortController().signal);
    const pool = new DetectorPool(first.info, options, start);
    pool.#adopt(first.worker);
    try {
      await Promise.all(Array.from({ length: options.threads - 1 }, () => pool.#add()));
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
    this.#closed.abort();
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  async #add(): Promise<void> {
    const { worker } = await this.start(this.options, this.#closed.signal);
    this.#adopt(worker);
    if (this.#closed.signal.aborted) await worker.terminate();
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
    if (this.#closed.signal.aborted) return;
    for (const image of thread.images.values()) {
      if (image.suspect) image.settle(crashed);
      else this.#waiting.unshift({ ...image, suspect: true });
    }
    this.#deaths += 1;
    if (this.#deaths > deathsInARow * this.options.threads)
      this.#break(
        new Error(`Inference threads died ${this.#deaths} times in a row; nothing can be detected.`),
      );
    else
      this.#add().then(
        () => this.#dispatch(),
        (error: unknown) => this.#break(error instanceof Error ? error : new Error(String(error))),
      );
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
