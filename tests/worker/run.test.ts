import type { ResultLine } from "../../worker/contract/result";
import { ImageError } from "../../worker/failure";
import type { ImageOutcome } from "../../worker/outcome";
import { runDetection, type ImageSource, type ResultSink, type RunOptions } from "../../worker/run";
import { seededRandom } from "../support/seededRandom";

const done = (jpeg: Uint8Array | null): ImageOutcome => ({
  kind: "done",
  width: 2,
  height: 1,
  truncated: false,
  detections: [],
  jpeg,
});

function sourceOf(
  count: number,
  read: ImageSource["read"] = () => Promise.resolve(new Uint8Array(1)),
  bytes = 1,
) {
  const images = Array.from({ length: count }, (_, index) => ({
    name: `${index}.png`,
    etag: null,
    bytes,
    annotated: `annotated/${index}.png.jpg`,
  }));
  return { images, read };
}

/** Runs with a detector that answers at random moments; what the sink was given, in order. */
async function run(
  source: ImageSource,
  changes: Partial<Omit<RunOptions, "source">> = {},
  writeAnnotated: ResultSink["writeAnnotated"] = () => Promise.resolve(),
) {
  const random = seededRandom(7);
  const lines: ResultLine[] = [];
  const annotated: string[] = [];
  const finished = runDetection({
    source,
    sink: {
      append: (line) => {
        lines.push(line);
        return Promise.resolve();
      },
      writeAnnotated: (name, jpeg) => {
        annotated.push(name);
        return writeAnnotated(name, jpeg);
      },
    },
    pool: { capacity: 4, detect: () => later(random() * 5, done(Uint8Array.of(1))) },
    interrupted: new AbortController().signal,
    onLine: () => undefined,
    ...changes,
  });
  const error: unknown = await finished.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { lines, annotated, error, names: lines.map(({ image }) => image.name) };
}

function later<T>(delayMs: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), delayMs));
}

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `${from + index}.png`);

describe("a run", () => {
  it("gives the lines in the images' order, whatever order they are done in", async () => {
    const { names: given, annotated, error } = await run(sourceOf(40));

    expect(error).toBeUndefined();
    expect(given).toEqual(names(0, 40));
    expect(annotated).toHaveLength(40);
  });

  it("names an annotated picture in a line only where there is one", async () => {
    const source = sourceOf(2, ({ name }) => Promise.resolve(Buffer.from(name)));
    const onlyFirst = (bytes: Uint8Array): Uint8Array | null =>
      Buffer.from(bytes).toString() === "0.png" ? Uint8Array.of(1) : null;

    const { lines, annotated } = await run(source, {
      pool: { capacity: 1, detect: (bytes) => Promise.resolve(done(onlyFirst(bytes))) },
    });

    expect(lines.map((line) => "annotated" in line && line.annotated)).toEqual(["annotated/0.png.jpg", null]);
    expect(annotated).toEqual(["annotated/0.png.jpg"]);
  });

  it("fetches ahead of the threads, but only so far", async () => {
    let [reading, most] = [0, 0];
    const release: (() => void)[] = [];
    const source = sourceOf(50, async () => {
      most = Math.max(most, ++reading);
      await new Promise<void>((resolve) => release.push(resolve));
      reading -= 1;
      return new Uint8Array(1);
    });

    const running = run(source, { pool: { capacity: 4, detect: () => Promise.resolve(done(null)) } });
    await later(20, undefined);
    expect(reading).toBe(10);
    while ((await Promise.race([running, later(1, "running")])) === "running")
      for (const go of release.splice(0)) go();

    expect((await running).names).toEqual(names(0, 50));
    expect(most).toBe(10);
  });

  it("holds no more than 64 MB of fetched pictures, unless one alone is larger", async () => {
    let [held, most] = [0, 0];
    const sizes = [30e6, 30e6, 30e6, 90e6, 1e6, 30e6];
    const source = {
      images: sizes.map((bytes, index) => ({ name: `${index}.png`, etag: null, bytes, annotated: null })),
      read: async ({ bytes }: { bytes: number }) => {
        held += bytes;
        most = Math.max(most, held - (bytes === 90e6 ? 90e6 : 0));
        expect(held <= 64e6 || held === 90e6).toBe(true);
        await later(2, undefined);
        held -= bytes;
        return new Uint8Array(1);
      },
    };

    const { error, names: given } = await run(source);

    expect(error).toBeUndefined();
    expect(given).toEqual(names(0, 6));
    expect(most).toBeGreaterThan(30e6);
  });

  it("writes an error line for an image that cannot be read, detected or written, and goes on", async () => {
    const source = sourceOf(4, ({ name }) =>
      name === "1.png"
        ? Promise.reject(new ImageError("read", "missing", "It is gone."))
        : Promise.resolve(Buffer.from(name)),
    );
    const failed: ImageOutcome = {
      kind: "failed",
      failure: { stage: "decode", code: "empty", message: "Empty." },
    };

    const { lines, error } = await run(source, {
      pool: {
        capacity: 2,
        detect: (bytes) => Promise.resolve(Buffer.from(bytes).toString() === "2.png" ? failed : done(null)),
      },
    });

    expect(error).toBeUndefined();
    expect(lines.map((line) => ("error" in line ? line.error : line.image.name))).toEqual([
      "0.png",
      { stage: "read", code: "missing", message: "It is gone." },
      { stage: "decode", code: "empty", message: "Empty." },
      "3.png",
    ]);
  });

  it("writes an error line for an image whose annotated picture cannot have its name", async () => {
    const { lines, error } = await run(sourceOf(2), {}, (name) =>
      name.includes("0.png")
        ? Promise.reject(new ImageError("write", "unwritable", "Its name is too long."))
        : Promise.resolve(),
    );

    expect(error).toBeUndefined();
    expect(lines.map((line) => "error" in line && line.error.code)).toEqual(["unwritable", false]);
  });

  it("ends with the error of a source that cannot go on, after what was begun before it", async () => {
    const source = sourceOf(100, ({ name }) =>
      name === "5.png" ? Promise.reject(new Error("HTTP 403")) : later(1, new Uint8Array(1)),
    );

    const { error, names: given } = await run(source);

    expect(error).toEqual(new Error("HTTP 403"));
    expect(given).toEqual(names(0, 5));
  });

  it("ends when results cannot be written", async () => {
    const { error } = await run(sourceOf(100), {
      sink: { append: () => Promise.reject(new Error("disk full")), writeAnnotated: () => Promise.resolve() },
    });

    expect(error).toEqual(new Error("disk full"));
  });

  it("ends when the threads cannot go on", async () => {
    const { error } = await run(sourceOf(100), {
      pool: { capacity: 2, detect: () => Promise.reject(new Error("threads died")) },
    });

    expect(error).toEqual(new Error("threads died"));
  });

  it("takes no new image once interrupted, and finishes what it began", async () => {
    const interruption = new AbortController();
    let reads = 0;
    const source = sourceOf(100, () => {
      reads += 1;
      if (reads === 20) interruption.abort();
      return later(1, new Uint8Array(1));
    });

    const { names: given, error } = await run(source, { interrupted: interruption.signal });

    expect(error).toBeUndefined();
    expect(given).toEqual(names(0, reads));
    expect(reads).toBeLessThan(30);
  });

  it("reports each line after it was written", async () => {
    const reported: string[] = [];

    await run(sourceOf(5), { onLine: ({ image }) => reported.push(image.name) });

    expect(reported).toEqual(names(0, 5));
  });

  it("marks a truncated picture that was accepted, and takes the size from what was read", async () => {
    const { lines } = await run(
      sourceOf(1, () => Promise.resolve(new Uint8Array(77))),
      {
        pool: {
          capacity: 1,
          detect: () => Promise.resolve({ ...done(null), truncated: true } as ImageOutcome),
        },
      },
    );

    expect(lines[0]?.image).toEqual({
      name: "0.png",
      etag: null,
      bytes: 77,
      width: 2,
      height: 1,
      truncated: true,
    });
  });
});
