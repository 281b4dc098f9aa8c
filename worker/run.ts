/** The run loop: images from a source through the pool into a sink, in order. Knows neither blobs nor folders. */
import type { ResultLine } from "./contract/result";
import { ImageError } from "./failure";
import type { DetectorPool } from "./pool";

export interface SourceImage {
  readonly name: string;
  /** Null where there is none, as for a file. */
  readonly etag: string | null;
  readonly bytes: number;
  /** Name of the annotated JPEG, should there be one, or null when none is wanted. */
  readonly annotated: string | null;
}

export interface ImageSource {
  readonly images: readonly SourceImage[];
  /** Throws an ImageError when this image cannot be had; any other error ends the run. */
  read(image: SourceImage): Promise<Uint8Array>;
}

export interface ResultSink {
  writeAnnotated(name: string, jpeg: Uint8Array): Promise<void>;
  /** Called in the images' order, one call at a time. */
  append(line: ResultLine): Promise<void>;
}

export interface RunOptions {
  readonly source: ImageSource;
  readonly sink: ResultSink;
  readonly pool: Pick<DetectorPool, "capacity" | "detect">;
  /** Stops taking new images; what is in work is finished. */
  readonly interrupted: AbortSignal;
  readonly onLine: (line: ResultLine) => void;
}

/** Images in memory besides those in the pool: enough to hide a fetch behind an inference. */
export const fetchedAhead = 6;
/** And at most this many bytes of them, unless one image alone is larger. */
const fetchedBytes = 64e6;

/** Resolves when every image has its line (or, interrupted, those that were begun). Rejects when the run itself cannot go on. */
export async function runDetection(options: RunOptions): Promise<void> {
  const { source, sink, pool, interrupted, onLine } = options;
  const window = new Window(pool.capacity + fetchedAhead, fetchedBytes);
  const inOrder = new InOrder(async (line) => {
    await sink.append(line);
    onLine(line);
  });
  let failure: Error | undefined;
  const works = new Set<Promise<void>>();

  for (const [index, image] of source.images.entries()) {
    await window.enter(image.bytes);
    if (interrupted.aborted || failure !== undefined) break;
    const work = lineOf(image, options)
      .then((line) => inOrder.put(index, line))
      .catch((error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        window.leave(image.bytes);
        works.delete(work);
      });
    works.add(work);
  }
  await Promise.all(works);
  if (failure !== undefined) throw failure;
}

async function lineOf(image: SourceImage, { source, sink, pool }: RunOptions): Promise<ResultLine> {
  const { name, etag, annotated } = image;
  try {
    const bytes = await source.read(image);
    const outcome = await pool.detect(bytes, annotated !== null);
    if (outcome.kind === "failed") return { version: 1, image: { name, etag }, error: outcome.failure };
    const { width, height, truncated, detections, jpeg } = outcome;
    if (annotated !== null && jpeg !== null) await sink.writeAnnotated(annotated, jpeg);
    const size = { name, etag, bytes: bytes.length, width, height };
    return {
      version: 1,
      image: truncated ? { ...size, truncated } : size,
      detections: [...detections],
      annotated: jpeg === null ? null : annotated,
    };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const { stage, code, message } = error;
    return { version: 1, image: { name, etag }, error: { stage, code, message } };
  }
}

/** Bounds what is in memory at once, by count and by bytes. One caller waits at a time: the run loop. */
class Window {
  #count = 0;
  #bytes = 0;
  #wake: () => void = () => undefined;

  constructor(
    readonly maxCount: number,
    readonly maxBytes: number,
  ) {}

  async enter(bytes: number): Promise<void> {
    while (this.#count >= this.maxCount || (this.#count > 0 && this.#bytes + bytes > this.maxBytes))
      await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#count += 1;
    this.#bytes += bytes;
  }

  leave(bytes: number): void {
    this.#count -= 1;
    this.#bytes -= bytes;
    this.#wake();
  }
}

/** Hands lines on in the order of their images, though they come in any. */
class InOrder {
  readonly #early = new Map<number, ResultLine>();
  #next = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(readonly write: (line: ResultLine) => Promise<void>) {}

  /** Resolves when everything that could be written by now is. */
  put(index: number, line: ResultLine): Promise<void> {
    this.#early.set(index, line);
    this.#writing = this.#writing.then(() => this.#drain());
    return this.#writing;
  }

  async #drain(): Promise<void> {
    for (let line = this.#early.get(this.#next); line !== undefined; line = this.#early.get(this.#next)) {
      await this.write(line);
      this.#early.delete(this.#next);
      this.#next += 1;
    }
  }
}
