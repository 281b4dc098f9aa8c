/** The boxes that count in a model's answer: thresholds, class filter and, where the model did not do it, suppression. */
import { candidatesOf, type Candidate, type WantedClasses } from "./candidates";
import type { EndToEndOutput, HeadOutput } from "./headOutput";
import { suppress, type Suppression } from "./nms";
import { yoloxCandidatesOf } from "./yolox";

export type BoxFilter = Suppression & {
  /** A box's score must be above this (0–1). */
  readonly confidence: number;
  readonly wanted: WantedClasses;
};

/** Best first, in pixels of the model's input. */
export function boxesOf(output: HeadOutput, filter: BoxFilter): Candidate[] {
  switch (output.layout) {
    case "yolov8":
      return suppress(candidatesOf(output, filter.confidence, filter.wanted), filter);
    case "yolox":
      return suppress(yoloxCandidatesOf(output, filter.confidence, filter.wanted), filter);
    case "end-to-end":
      return rowsOf(output, filter);
  }
}

/** As Ultralytics takes the rows of an end-to-end head: score strictly above the threshold, wanted classes, then cut to the limit. */
function rowsOf(
  { data, rows }: EndToEndOutput,
  { confidence, maxDetections, wanted }: BoxFilter,
): Candidate[] {
  const threshold = Math.fround(confidence);
  const kept: Candidate[] = [];
  for (let row = 0; row < rows && kept.length < maxDetections; row++) {
    const [x1, y1, x2, y2, score, classNumber] = data.subarray(row * 6, row * 6 + 6) as unknown as Six;
    if (score > threshold && wanted?.has(classNumber) !== false)
      kept.push({ class: classNumber, score, x1, y1, x2, y2 });
  }
  return kept;
}

type Six = readonly [number, number, number, number, number, number];
