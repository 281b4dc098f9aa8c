import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { defaultDetectionSettings as settings } from "../../worker/contract/settings";
import type { ImageOutcome } from "../../worker/outcome";
import { DetectorPool, type Start } from "../../worker/pool";
import { ready } from "../../worker/startThread";

/** Threads that were started and have not ended. */
const alive = new Set<Worker>();
let started = 0;

const startFixture: Start = (start, cancelled) => {
  const worker = new Worker(join(__dirname, "fixtureThread.js"), { workerData: start, stderr: true });
  started += 1;
  alive.add(worker);
  worker.once("exit", () => alive.delete(worker));
  return ready(worker, start.modelFile, cancelled);
};

async function withPool(threads: number, use: (pool: DetectorPool) => Promise<void>): Promise<void> {
  started = 0;
  const pool = await DetectorPool.open({ modelFile: "m.onnx", settings, threads }, startFixture);
  try {
    await use(pool);
  } finally {
    await pool.close();
    expect(alive.size).toBe(0);
  }
}

const detect = (pool: DetectorPool, texts: readonly string[]): Promise<ImageOutcome>[] =>
  texts.map((text) => pool.detect(Buffer.from(text), false));

/** What each image's thread said of it. */
function said(outcomes: readonly ImageOutcome[]): string[] {
  return outcomes.map((outcome) =>
    outcome.kind === "failed" ? `${outcome.failure.code} ${outcome.failure.message}` : outcome.kind,
  );
}

describe("the pool of inference threads", () => {
  it("answers for each image, though there are more images than threads", async () => {
    await withPool(2, async (pool) => {
      const texts = Array.from({ length: 20 }, (_, index) => `image ${index}`);

      expect(said(await Promise.all(detect(pool, texts)))).toEqual(texts.map((text) => `told ${text}`));
      expect(started).toBe(2);
    });
  });

  it("names the image that kills its thread, and does the others", async () => {
    await withPool(1, async (pool) => {
      const outcomes = await Promise.all(detect(pool, ["a", "die", "b", "c"]));

      expect(said(outcomes)).toEqual([
        "told a",
        "crashed The inference thread died of this image, twice.",
        "told b",
        "told c",
      ]);
    });
  });

  it("survives two guilty images that share a thread, and an error that escapes", async () => {
    await withPool(1, async (pool) => {
      const codes = said(await Promise.all(detect(pool, ["die", "throw", "b"]))).map(
        (text) => text.split(" ")[0],
      );

      expect(codes).toEqual(["crashed", "crashed", "told"]);
    });
  });

  it("ends with a sentence when threads die of every image", async () => {
    await withPool(1, async (pool) => {
      const outcomes = await Promise.allSettled(detect(pool, new Array<string>(12).fill("die")));

      const last = outcomes.at(-1);
      expect(last?.status === "rejected" && String(last.reason)).toMatch(
        /Inference threads died 6 times in a row; nothing can be detected\./,
      );
      await expect(pool.detect(Buffer.from("a"), false)).rejects.toThrow("nothing can be detected");
    });
  });

  it("is closed while threads work, and no thread is left", async () => {
    await withPool(2, async (pool) => {
      void detect(pool, ["hang", "hang"]);
      await Promise.resolve();
    });
  });
});

describe("a pool that cannot be opened", () => {
  it.each([
    ["unusable.onnx", "unusable.onnx is a YOLO pose model."],
    ["deadly.onnx", "An inference thread died while loading deadly.onnx."],
  ])("says why of %s and leaves no thread", async (modelFile, message) => {
    await expect(DetectorPool.open({ modelFile, settings, threads: 3 }, startFixture)).rejects.toThrow(
      message,
    );

    expect(alive.size).toBe(0);
  });

  it("leaves no thread when only a later one cannot be started", async () => {
    let calls = 0;
    const start: Start = (options, cancelled) => {
      calls += 1;
      const modelFile = ["m.onnx", "endless.onnx", "unusable.onnx"][calls - 1] ?? "m.onnx";
      return startFixture({ ...options, modelFile }, cancelled);
    };

    await expect(DetectorPool.open({ modelFile: "m.onnx", settings, threads: 4 }, start)).rejects.toThrow(
      "is a YOLO pose model",
    );

    await Promise.all([...alive].map((worker) => new Promise((resolve) => worker.once("exit", resolve))));
    expect(alive.size).toBe(0);
  });
});
