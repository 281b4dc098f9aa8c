/**
 * The inference processes of a run: one session each, since onnxruntime-node computes on the thread that asks; processes, not threads,
 * since a native library that crashes on a picture takes its process along.
 *
 * A process holds two images: one in work, and the next, so that it never waits. When a process dies, or is killed because an image
 * takes for ever, the images it held are tried once more, each alone in a process; the one that ends that process too is the guilty one and becomes a failure. Processes that die one after another without any outcome in between end the run.
 */
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { FromInference, InferenceRequest, InferenceStart, ToInference } from "./inference";
import type { ModelInfo } from "./model";
import type { ImageOutcome } from "./outcome";
import { end, startInference, type StartedInference } from "./startInference";
import type { Versions } from "./versions";

export interface PoolOptions extends InferenceStart {
  /** Inference threads: each has a process of its own. */
  readonly threads: number;
  /** For one image with those before it in its process; after that the process is killed. */
  readonly imageDeadlineMs?: number;
}

/** How a process is made ready for a pool. */
export type Start = (start: InferenceStart, cancelled: AbortSignal) => Promise<StartedInference>;

interface Image {
  readonly request: InferenceRequest;
  readonly settle: (outcome: ImageOutcome) => void;
  readonly fail: (error: Error) => void;
  /** It was held by a process that died: it gets a process to itself. */
  readonly suspect: boolean;
}

interface Held extends Image {
  readonly deadline: NodeJS.Timeout;
}

interface Process {
  readonly child: ChildProcess;
  readonly images: Map<number, Held>;
  /** Set when it was killed for an image that took too long. */
  late: boolean;
}

const imagesPerProcess = 2;
const defaultImageDeadlineMs = 120_000;
/** Deaths and failed starts, for each process, with no image done or (once any was done) set aside in between. */
const deathsInARow = 20;
const restartAfterMs = 500;

export class DetectorPool {
  readonly #processes = new Set<Process>();
  /** Processes that are not ready yet; closing cancels them and waits until they are gone. */
  readonly #starting = new Set<Promise<void>>();
  readonly #waiting: Image[] = [];
  #nextId = 1;
  #deaths = 0;
  /** Whether any image ever had an outcome: then the processes work, and what ends one is the image. */
  #works = false;
  readonly #closed = new AbortController();
  /** The pool cannot go on: set once, and every image after that fails with it. */
  #broken: Error | undefined;

  private constructor(
    readonly info: ModelInfo,
    readonly versions: Versions,
    readonly options: PoolOptions,
    readonly start: Start,
  ) {}

  /** Starts the processes; throws an Error of one sentence when the model cannot be used. */
  static async open(options: PoolOptions, start: Start = startInference): Promise<DetectorPool> {
    // The first alone: where the model is unusable, one process says so.
    const first = await start(options, new AbortController().signal);
    const pool = new DetectorPool(first.info, first.versions, options, start);
    pool.#adopt(first.child);
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
    return this.options.threads * imagesPerProcess;
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
    await Promise.allSettled(this.#starting);
    await Promise.all([...this.#processes].map(({ child }) => end(child)));
  }

  #add(): Promise<void> {
    const start = { ...this.options, graph: this.info.graph };
    const starting = Promise.resolve()
      .then(() => this.start(start, this.#closed.signal))
      .then(({ child }) => this.#adopt(child));
    this.#starting.add(starting);
    return starting.finally(() => this.#starting.delete(starting));
  }

  #adopt(child: ChildProcess): void {
    const process: Process = { child, images: new Map(), late: false };
    this.#processes.add(process);
    child.on("message", (answer: FromInference) => {
      if (answer.kind !== "outcome") return;
      this.#deaths = 0;
      this.#works = true;
      const image = process.images.get(answer.id);
      process.images.delete(answer.id);
      clearTimeout(image?.deadline);
      image?.settle(answer.outcome);
      this.#dispatch();
    });
    // An error is followed by the exit, which is where the images are taken care of.
    child.on("error", () => undefined);
    child.once("exit", () => this.#died(process));
  }

  #dispatch(): void {
    if (this.#broken !== undefined) {
      for (const image of this.#waiting.splice(0)) image.fail(this.#broken);
      return;
    }
    for (const process of [...this.#processes].sort((a, b) => a.images.size - b.images.size))
      while (this.#waiting[0] !== undefined && hasRoom(process, this.#waiting[0]))
        this.#hand(this.#waiting.shift()!, process);
  }

  #hand(image: Image, process: Process): void {
    const { imageDeadlineMs = defaultImageDeadlineMs } = this.options;
    const deadline = setTimeout(() => {
      process.late = true;
      void end(process.child);
    }, imageDeadlineMs);
    process.images.set(image.request.id, { ...image, deadline });
    process.child.send({ kind: "image", request: image.request } satisfies ToInference, () => undefined);
  }

  #died(process: Process): void {
    this.#processes.delete(process);
    for (const { deadline } of process.images.values()) clearTimeout(deadline);
    if (this.#closed.signal.aborted) return;
    for (const image of process.images.values()) {
      if (!image.suspect) this.#waiting.unshift({ ...image, suspect: true });
      else {
        if (this.#works) this.#deaths = 0;
        image.settle(process.late ? tooSlow : crashed(process.child));
      }
    }
    void this.#replace();
    this.#dispatch();
  }

  /** Starts a process in place of one that died; a start that fails counts as a death, and the others go on meanwhile. */
  async #replace(): Promise<void> {
    const { signal } = this.#closed;
    let failure: unknown;
    for (;;) {
      this.#deaths += 1;
      if (this.#deaths > deathsInARow * this.options.threads) {
        const last = failure instanceof Error ? ` The last one said: ${failure.message}` : "";
        const times = `Inference processes died ${this.#deaths} times in a row`;
        this.#break(new Error(`${times}; nothing can be detected.${last}`));
        return;
      }
      try {
        await this.#add();
        this.#dispatch();
        return;
      } catch (error) {
        failure = error;
        await sleep(restartAfterMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
      }
    }
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#dispatch();
  }
}

/** The guilty image of a process that ended by itself. */
function crashed({ signalCode, exitCode }: ChildProcess): ImageOutcome {
  const how = signalCode ?? `exit code ${exitCode}`;
  const message = `The inference process died of this image, twice (${how}).`;
  return { kind: "failed", failure: { stage: "detect", code: "crashed", message } };
}

const tooSlow: ImageOutcome = {
  kind: "failed",
  failure: { stage: "detect", code: "timeout", message: "The image took too long, twice; it was given up." },
};

function hasRoom({ images }: Process, image: Image): boolean {
  if (image.suspect) return images.size === 0;
  return images.size < imagesPerProcess && ![...images.values()].some((held) => held.suspect);
}
