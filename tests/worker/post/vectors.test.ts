/** Suppression and the way back to source pixels, value for value as torch and torchvision compute them. */
import { defaultDetectionSettings } from "../../../worker/contract/settings";
import { validationBoxesOf } from "../../../worker/eval/validationBoxes";
import { boxesOf } from "../../../worker/post/boxes";
import type { Candidate } from "../../../worker/post/candidates";
import { detectionsOf } from "../../../worker/post/detections";
import type { YoloV8Output } from "../../../worker/post/headOutput";
import { letterboxOf } from "../../../worker/pre/letterbox";
import scaling from "../vectors/scaling.json";
import { hashed, sha256 } from "../vectors/seeded";
import suppression from "../vectors/suppression.json";

const { fround } = Math;

/** Boxes in crowds, so that they overlap; scores of few levels, so that there are ties. */
function headOf(given: { seed: number; classes: number; anchors: number; levels: number }): YoloV8Output {
  const { seed, classes, anchors, levels } = given;
  const data = new Float32Array((4 + classes) * anchors);
  for (let anchor = 0; anchor < anchors; anchor++) {
    const at = (row: number): number => hashed(anchor + row * anchors, seed);
    const crowd = at(0) % 12;
    data[anchor] = ((hashed(crowd, seed + 1) % 4000) + (at(1) % 160)) / 7;
    data[anchors + anchor] = ((hashed(crowd, seed + 2) % 4000) + (at(2) % 160)) / 7;
    data[2 * anchors + anchor] = (200 + (at(3) % 400)) / 7;
    data[3 * anchors + anchor] = (200 + (at(4) % 400)) / 7;
    for (let k = 0; k < classes; k++) {
      const score = fround((at(5 + k) % levels) / levels);
      const isQuiet = at(5 + classes + k) % 8 !== 0;
      data[(4 + k) * anchors + anchor] = isQuiet ? score / 1024 : score;
    }
  }
  return { layout: "yolov8", data, classes, anchors };
}

const rowsOf = (kept: readonly Candidate[]): Float32Array =>
  Float32Array.from(kept.flatMap(({ x1, y1, x2, y2, score, class: k }) => [x1, y1, x2, y2, score, k]));

describe(`against torchvision ${suppression.versions.torchvision}`, () => {
  it.each(suppression.cases)(
    "head $seed ($classes classes, confidence $confidence, IoU $iou, agnostic $agnostic, several classes an anchor $multiLabel) keeps the same rows",
    (expected) => {
      const { confidence, iou, agnostic, multiLabel } = expected;
      const settings = { ...defaultDetectionSettings, confidence, iou, agnostic };
      const head = headOf(expected);

      const kept = multiLabel
        ? validationBoxesOf(head, settings)
        : boxesOf(head, { ...settings, wanted: undefined });

      expect(kept).toHaveLength(expected.kept);
      expect(sha256(rowsOf(kept))).toBe(expected.rows);
    },
  );
});

describe(`against torch ${scaling.versions.torch}`, () => {
  it.each(scaling.cases.map((one) => ({ ...one, shape: one.picture.join("×") })))(
    "boxes come back into a picture of $shape at the same coordinates (seed $seed)",
    (expected) => {
      const [width, height] = expected.picture as [number, number];
      const [inputWidth, inputHeight] = expected.input as [number, number];
      const coordinate = (index: number): number =>
        fround(fround((hashed(index, expected.seed) % 9000) / 13) - 20);
      const boxes = Array.from({ length: expected.boxes }, (_, box): Candidate => {
        const at = (corner: number): number => coordinate(4 * box + corner);
        return { class: 0, score: 0.5, x1: at(0), y1: at(1), x2: at(2), y2: at(3) };
      });
      const picture = { width, height };

      const found = detectionsOf(
        boxes,
        picture,
        letterboxOf(picture, { width: inputWidth, height: inputHeight }),
        ["thing"],
      );

      const values = found.flatMap(({ box: { x1, y1, x2, y2 } }) => [x1, y1, x2, y2]);
      expect(sha256(Float64Array.from(values))).toBe(expected.values);
    },
  );
});
