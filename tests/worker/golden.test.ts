/** Whole pictures through the command: the same boxes as Ultralytics, rounded as its `summary()` rounds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseResult } from "../../worker/contract/result";
import { round5 } from "../../worker/post/detections";
import { project, run } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";
import { itWithVerificationData, verificationDir } from "../support/verification";

interface Reference {
  readonly images: Readonly<Record<string, readonly { class: number; score: number; box: number[] }[]>>;
}

/** Detections as text, so that a difference is seen at a glance: class, score and corners. */
type Boxes = Readonly<Record<string, readonly string[]>>;

const text = (classNumber: number, score: number, corners: readonly number[]): string =>
  [classNumber, score, ...corners].join(" ");

function expectedBoxes(file: string): Boxes {
  const { images } = JSON.parse(readFileSync(file, "utf8")) as Reference;
  return Object.fromEntries(
    Object.entries(images).map(([name, boxes]) => [
      name,
      boxes.map((box) => text(box.class, round5(box.score), box.box.map(round5))),
    ]),
  );
}

function detectedBoxes(model: string, images: string): Promise<Boxes> {
  return withTemporaryFolder(async (out) => {
    const args = ["detect", "--model", model, "--out", out, "--annotate", "none", images];
    const { code, stderr } = await run(process.execPath, ["--require", "tsx/cjs", "worker/main.ts", ...args]);
    if (code !== 0) throw new Error(`detect ended with ${code}: ${stderr}`);
    const rows = readFileSync(join(out, "results.ndjson"), "utf8").trimEnd().split("\n");
    return Object.fromEntries(
      rows.map((row) => {
        const line = parseResult(row, "results.ndjson");
        if ("error" in line) throw new Error(`${line.image.name}: ${line.error.message}`);
        const boxes = line.detections.map(({ class: number, confidence, box }) =>
          text(number, confidence, [box.x1, box.y1, box.x2, box.y2]),
        );
        return [line.image.name, boxes];
      }),
    );
  });
}

const count = (boxes: Boxes): number => Object.values(boxes).flat().length;

describe("detections", () => {
  it("of the bundled model on the bundled pictures are those of Ultralytics", async () => {
    const expected = expectedBoxes(join(project, "assets/expected.json"));

    const detected = await detectedBoxes(
      join(project, "assets/model/street.onnx"),
      join(project, "assets/images"),
    );

    expect(count(expected)).toBe(241);
    expect(detected).toEqual(expected);
  });

  describe.each(["yolov8n", "yolov8n-int8-dynamic", "yolo11n-320-int8"])("of %s", (model) => {
    itWithVerificationData(
      "on real photographs are those of Ultralytics",
      async () => {
        const expected = expectedBoxes(join(verificationDir, `golden/${model}.json`));

        const detected = await detectedBoxes(
          join(verificationDir, `models/${model}.onnx`),
          join(verificationDir, "images"),
        );

        expect(count(expected)).toBeGreaterThan(100);
        expect(detected).toEqual(expected);
      },
      240_000,
    );
  });
});
