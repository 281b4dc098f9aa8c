/** Models of every supported kind, small but real, from the file to the detections in the picture's pixels. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Detection } from "../../worker/contract/result";
import { defaultDetectionSettings, type DetectionSettings } from "../../worker/contract/settings";
import { detectionsIn, filterOf, infer } from "../../worker/detectImage";
import type { DecodedPicture } from "../../worker/image/decode";
import { loadModel } from "../../worker/model";
import { meanModel, type MeanModel } from "../support/meanModel";
import { withTemporaryFolder } from "../support/temporaryFolder";

type Rows = MeanModel["rows"];

function picture(
  width: number,
  height: number,
  [red, green, blue]: [number, number, number],
): DecodedPicture {
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, index) => [red, green, blue][index % 3]!);
  return { width, height, rgb, truncated: false };
}
const white = picture(64, 32, [255, 255, 255]);

/** What a model finds in pictures, one after the other in the same session. */
async function found(
  model: MeanModel,
  pictures: readonly DecodedPicture[],
  settings: Partial<DetectionSettings> = {},
): Promise<Detection[][]> {
  return withTemporaryFolder(async (folder) => {
    const file = join(folder, "tiny.onnx");
    writeFileSync(file, meanModel(model));
    const loaded = await loadModel(file);
    try {
      const filter = filterOf(loaded, { ...defaultDetectionSettings, ...settings });
      const all: Detection[][] = [];
      for (const each of pictures) all.push(detectionsIn(await infer(loaded, each), each, loaded, filter));
      return all;
    } finally {
      await loaded.release();
    }
  });
}

const corners = ({ box: { x1, y1, x2, y2 } }: Detection): number[] => [x1, y1, x2, y2];

/** Grids of strides 8, 16 and 32 over 64×64. */
const anchors = 84;

/** Rows of a YOLOv8 head: at anchor 10 a box and the scores of its classes, all other anchors at 0. */
function yolov8([x, y, width, height]: [number, number, number, number], scores: (number | "mean")[]): Rows {
  return [x, y, width, height, ...scores].map((value) =>
    Array.from({ length: anchors }, (_, anchor) => (anchor === 10 ? value : 0)),
  );
}

describe("a YOLOv8 head", () => {
  const rows = yolov8([32, 32, 20, 10], [0, "mean"]);
  const names = { names: "{0: 'cat', 1: 'dog'}" };

  it("of a fixed size sees the picture in a square, with a border of level 114", async () => {
    const [[detection]] = (await found({ input: [1, 3, 64, 64], rows, metadata: names }, [white])) as [
      [Detection],
    ];

    expect(detection).toMatchObject({ name: "dog", class: 1 });
    expect(detection.confidence).toBeCloseTo((1 + 114 / 255) / 2, 5);
    expect(corners(detection)).toEqual([22, 11, 42, 21]);
  });

  it("of open size sees the picture in a rectangle, whatever size came before", async () => {
    const model: MeanModel = {
      input: ["batch", 3, "height", "width"],
      output: ["batch", 6, "anchors"],
      rows,
      metadata: { ...names, task: "detect", imgsz: "[64, 64]", stride: "32" },
    };
    const square = picture(64, 64, [51, 0, 0]);

    const [lying, second, again] = await found(model, [white, square, white], { confidence: 0.1 });

    expect(lying!.map(({ confidence }) => confidence)).toEqual([1]); // no border
    expect(corners(lying![0]!)).toEqual([22, 27, 42, 32]); // clipped at the picture's edge
    expect(second!.map(({ confidence }) => confidence)).toEqual([0.2]);
    expect(again).toEqual(lying);
  });

  it("of a fixed batch takes one picture at a time", async () => {
    const square = picture(64, 64, [255, 0, 0]);

    const [first, second] = await found({ input: [4, 3, 64, 64], rows }, [square, white]);

    expect(first!.map(({ confidence }) => confidence)).toEqual([1]);
    expect(second![0]!.confidence).toBeCloseTo((1 + 114 / 255) / 2, 5);
  });

  it.each([
    ["both ways", "float16", "float16"],
    ["at its input", "float16", "float32"],
    ["at its output", "float32", "float16"],
  ] as const)("in half precision %s has the answers of 11 bits", async (_where, inputType, outputType) => {
    const model: MeanModel = { input: [1, 3, 64, 64], inputType, outputType, rows };

    const [[detection]] = (await found(model, [picture(64, 64, [200, 0, 0])])) as [[Detection]];

    expect(detection.confidence).not.toBe(0.78431); // 200/255 in float32
    expect(detection.confidence).toBeCloseTo(200 / 255, 3);
    expect(corners(detection)).toEqual([22, 27, 42, 37]);
  });

  it("of one class, or of two, which answers in six rows, is still one", async () => {
    const one = await found({ input: [1, 3, 64, 64], rows: yolov8([32, 32, 8, 8], [0.5]) }, [white]);
    const two = await found({ input: [1, 3, 64, 64], rows: yolov8([32, 32, 8, 8], [0.5, 0.75]) }, [white]);

    expect(one[0]!.map(({ name }) => name)).toEqual(["class0"]);
    expect(two[0]!.map(({ name, confidence }) => [name, confidence])).toEqual([["class1", 0.75]]);
  });

  it("counts only the best class of an anchor, also when another is asked for", async () => {
    const model = { input: [1, 3, 64, 64], rows: yolov8([32, 32, 8, 8], [0.5, 0.75]), metadata: names };

    expect((await found(model, [white], { classes: ["dog"] }))[0]).toHaveLength(1);
    expect((await found(model, [white], { classes: ["0"] }))[0]).toHaveLength(0);
    await expect(found(model, [white], { classes: ["dog", "horse"] })).rejects.toThrow(
      "The model knows no class horse; its classes are cat, dog.",
    );
  });
});

describe("an end-to-end head", () => {
  const rows: Rows = [
    [10, 20, 30, 40, "mean", 1],
    [10, 20, 30, 40, 0.5, 1],
    [0, 0, 64, 64, 0.3, 0],
    [0, 0, 64, 64, 0.25, 0],
    [0, 0, 64, 64, 0, 0],
  ];
  const model: MeanModel = {
    input: [1, 3, 64, 64],
    rows,
    metadata: { names: "['cat', 'dog']", end2end: "True" },
  };
  const scores = (detections: Detection[] | undefined): number[] =>
    detections!.map(({ confidence }) => confidence);

  it("has final boxes: none suppresses another, and a score at the threshold does not count", async () => {
    const [detections] = await found(model, [picture(64, 64, [255, 0, 0])]);

    expect(scores(detections)).toEqual([1, 0.5, 0.3]);
    expect(detections!.map(({ name }) => name)).toEqual(["dog", "dog", "cat"]);
    expect(corners(detections![0]!)).toEqual([10, 20, 30, 40]);
  });

  it("has its boxes moved back to the picture and clipped", async () => {
    const [detections] = await found(model, [white], { classes: ["cat"] });

    expect(detections!.map(corners)).toEqual([[0, 0, 64, 32]]);
  });

  it("is cut to the limit after classes are filtered", async () => {
    const square = picture(64, 64, [255, 0, 0]);

    const [two] = await found(model, [square], { maxDetections: 2 });
    const [cats] = await found(model, [square], { maxDetections: 2, classes: ["0"] });

    expect([scores(two), scores(cats)]).toEqual([[1, 0.5], [0.3]]);
  });

  it("of open size sees a rectangle", async () => {
    const open: MeanModel = {
      ...model,
      input: ["batch", 3, "height", "width"],
      output: ["batch", 5, 6],
      metadata: { ...model.metadata, imgsz: "[64, 64]" },
    };

    expect(scores((await found(open, [white]))[0])).toEqual([1, 0.5, 0.3]);
  });
});

describe("a YOLOX head", () => {
  /** At the second cell of the second row of the coarsest grid: offset ¼, sizes e^0 and e^1. */
  const rows: Rows = Array.from({ length: anchors }, (_, anchor) =>
    anchor === 83 ? [0.25, 0.5, 0, 1, "mean", 0.001, 0.002] : [0, 0, 0, 0, 0, 0, 0],
  );
  const model: MeanModel = { input: [1, 3, 64, 64], rows };

  it("gets blue first, in levels from 0 to 255, and is decoded on its grid", async () => {
    const [[detection]] = (await found(model, [picture(64, 64, [0, 0, 255])])) as [[Detection]];

    expect(detection.class).toBe(1);
    expect(detection.confidence).toBeCloseTo(255 * 0.002, 5);
    const [x, y, width, height] = [1.25 * 32, 1.5 * 32, 32, 32 * Math.E];
    expect(detection.box.x1).toBeCloseTo(x - width / 2, 4);
    expect(detection.box.x2).toBeCloseTo(x + width / 2, 4);
    expect(detection.box.y1).toBeCloseTo(y - height / 2, 4);
    expect(detection.box.y2).toBe(64);
    expect(y + height / 2).toBeGreaterThan(64);
  });

  it("gets the picture at the top left", async () => {
    const wide = picture(128, 64, [0, 0, 0]);

    const [[detection]] = (await found(model, [wide], { confidence: 0.1 })) as [[Detection]];

    expect(detection.confidence).toBeCloseTo((114 / 2) * 0.002, 5); // the border is below
    expect(corners(detection).map(Math.round)).toEqual([48, 9, 112, 64]);
  });
});
