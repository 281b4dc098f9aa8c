import type { ResultLine } from "../../worker/contract/result";
import { parseSummary } from "../../worker/contract/summary";
import type { ModelInfo } from "../../worker/model";
import { Tally } from "../../worker/summary";

const info: ModelInfo = {
  layout: "yolov8",
  inputHeight: 640,
  inputWidth: 320,
  isDynamic: false,
  stride: 32,
  batch: 1,
  elementType: "float32",
  classNames: ["a", "b"],
  sha256: "abc",
  graph: "as-exported",
};
const box = { x1: 0, y1: 0, x2: 1, y2: 1 };

const done = (...classes: string[]): ResultLine => ({
  version: 1,
  image: { name: "x", etag: null, bytes: 1, width: 1, height: 1 },
  detections: classes.map((name) => ({ name, class: 0, confidence: 1, box })),
  annotated: null,
});
const failed = (code: string): ResultLine => ({
  version: 1,
  image: { name: "x", etag: null },
  error: { stage: "decode", code, message: "It failed." },
});

function tallyOf(lines: readonly ResultLine[]): Tally {
  const tally = new Tally();
  for (const line of lines) tally.add(line);
  return tally;
}

describe("a summary", () => {
  it("counts images, classes and failures, the most frequent first, equal ones by name", () => {
    const lines = [
      done("dog", "bus", "bus"),
      failed("empty"),
      done(),
      done("cat"),
      failed("changed"),
      failed("empty"),
    ];

    const summary = tallyOf(lines).summary({
      info,
      versions: { node: "24" },
      threads: 2,
      seconds: 1.23456,
    });

    expect(summary).toMatchObject({ images: 6, done: 3, failed: 3, detections: 4, seconds: 1.235 });
    expect(Object.entries(summary.byClass)).toEqual([
      ["bus", 2],
      ["cat", 1],
      ["dog", 1],
    ]);
    expect(Object.entries(summary.byFailure)).toEqual([
      ["empty", 2],
      ["changed", 1],
    ]);
    expect(summary.model).toEqual({
      sha256: "abc",
      inputHeight: 640,
      inputWidth: 320,
      classes: 2,
    });
    expect(parseSummary(JSON.parse(JSON.stringify(summary)), "summary.json")).toEqual(summary);
  });

  it("of no images has no rate that is not a number", () => {
    expect(tallyOf([]).summary({ info, versions: {}, threads: 1, seconds: 0 })).toMatchObject({
      images: 0,
      imagesPerSecond: 0,
    });
  });
});
