import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { defaultDetectionSettings as settings } from "../../worker/contract/settings";
import type { ImageOutcome } from "../../worker/outcome";
import { DetectorPool, type Start } from "../../worker/pool";
import { forkInference, ready } from "../../worker/startInference";

/** Processes that were started and have not ended. */
const alive = new Set<ChildProcess>();
let started = 0;

const startFixture: Start = (start, cancelled) => {
  const child = forkInference(join(__dirname, "fixtureInference.js"), []);
  started += 1;
  alive.add(child);
  child.once("exit", () => alive.delete(child));
  return ready(child, start, cancelled);
};

async function withPool(
  threads: number,
  use: (pool: DetectorPool) => Promise<void>,
  imageDeadlineMs?: number,
): Promise<void> {
  started = 0;
  const options = { modelFile: "m.onnx", settings, threads, imageDeadlineMs };
  const pool = await DetectorPool.open(options, startFixture);
  try {
    await use(pool);
  } finally {
    await pool.close();
    expect(alive.size).toBe(0);
  }
}

const detect = (pool: DetectorPool, texts: readonly string[]): Promise<ImageOutcome>[] =>
  texts.map((text) => pool.detect(Buffer.from(text), false));

/** What each image's process said of it. */
function said(outcomes: readonly ImageOutcome[]): string[] {
  return outcomes.map((outcome) =>
    outcome.kind === "failed" ? `${outcome.failure.code} ${outcome.failure.message}` : outcome.kind,
  );
}

describe("the pool of inference processes", () => {
  it("answers for each image, though there are more images than processes", async () => {
    await withPool(2, async (pool) => {
      const texts = Array.from({ length: 20 }, (_, index) => `image ${index}`);

      expect(said(await Promise.all(detect(pool, texts)))).toEqual(texts.map((text) => `told ${text}`));
      expect(started).toBe(2);
    });
  });

  it("names the image that ends its process, and does the others", async () => {
    await withPool(1, async (pool) => {
      const outcomes = await Promise.all(detect(pool, ["a", "die", "b", "c"]));

      expect(said(outcomes)).toEqual([
        "told a",
        "crashed The inference process died of this image, twice (exit code 1).",
        "told b",
        "told c",
      ]);
    });
  });

  it("survives two guilty images side by side, which crash natively", async () => {
    await withPool(1, async (pool) => {
      const outcomes = said(await Promise.all(detect(pool, ["crash", "crash", "b"])));

      const died = "crashed The inference process died of this image, twice (SIGSEGV).";
      expect(outcomes).toEqual([died, died, "told b"]);
    });
  });

  it("sets aside as many guilty images in a row as there are, once any image was done", async () => {
    await withPool(1, async (pool) => {
      const texts = ["a", ...new Array<string>(12).fill("die"), "b"];

      const codes = said(await Promise.all(detect(pool, texts))).map((text) => text.split(" ")[0]);

      expect(codes).toEqual(["told", ...new Array<string>(12).fill("crashed"), "told"]);
    });
  });

  it("starts another process when one that was to take a dead one's place fails", async () => {
    let starts = 0;
    const start: Start = (options, cancelled) => {
      starts += 1;
      return startFixture({ ...options, modelFile: starts === 2 ? "deadly.onnx" : "m.onnx" }, cancelled);
    };
    const pool = await DetectorPool.open({ modelFile: "m.onnx", settings, threads: 1 }, start);

    const outcomes = said(await Promise.all(detect(pool, ["a", "die", "b"])));
    await pool.close();

    expect(outcomes.map((text) => text.split(" ")[0])).toEqual(["told", "crashed", "told"]);
    expect(alive.size).toBe(0);
  });

  it("kills a process that an image keeps busy for ever, and does the others", async () => {
    await withPool(
      2,
      async (pool) => {
        const outcomes = said(await Promise.all(detect(pool, ["a", "spin", "b", "hang", "c"])));

        const gaveUp = "timeout The image took too long, twice; it was given up.";
        expect(outcomes).toEqual(["told a", gaveUp, "told b", gaveUp, "told c"]);
      },
      300,
    );
  });

  it("ends with a sentence when processes die of every image", async () => {
    await withPool(1, async (pool) => {
      const outcomes = await Promise.allSettled(detect(pool, new Array<string>(30).fill("die")));

      const last = outcomes.at(-1);
      expect(last?.status === "rejected" && String(last.reason)).toMatch(
        /Inference processes died 21 times in a row; nothing can be detected\./,
      );
      await expect(pool.detect(Buffer.from("a"), false)).rejects.toThrow("nothing can be detected");
    });
  });

  it("is closed while processes work, and no process is left", async () => {
    await withPool(2, async (pool) => {
      void detect(pool, ["hang", "hang"]);
      await Promise.resolve();
    });
  });
});

describe("a pool that cannot be opened", () => {
  it.each([
    ["unusable.onnx", "unusable.onnx is a YOLO pose model."],
    ["deadly.onnx", "An inference process died while loading deadly.onnx."],
  ])("says why of %s and leaves no process", async (modelFile, message) => {
    await expect(DetectorPool.open({ modelFile, settings, threads: 3 }, startFixture)).rejects.toThrow(
      message,
    );

    expect(alive.size).toBe(0);
  });

  it("leaves no process when only a later one cannot be started", async () => {
    let calls = 0;
    const start: Start = (options, cancelled) => {
      calls += 1;
      const modelFile = ["m.onnx", "endless.onnx", "unusable.onnx"][calls - 1] ?? "m.onnx";
      return startFixture({ ...options, modelFile }, cancelled);
    };

    await expect(DetectorPool.open({ modelFile: "m.onnx", settings, threads: 4 }, start)).rejects.toThrow(
      "is a YOLO pose model",
    );

    await Promise.all([...alive].map((child) => new Promise((resolve) => child.once("exit", resolve))));
    expect(alive.size).toBe(0);
  });
});
