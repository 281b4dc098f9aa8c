/** Candidates: the anchors of a YOLOv8 detection head whose best class score passes the threshold. */
import { roundToHalf } from "../pre/half";
import type { YoloV8Output } from "./headOutput";

export type Candidate = {
  readonly class: number;
  readonly score: number;
  /** Corners in pixels of the model's input, in float32 (or half precision). */
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
};

/** Classes that a person wants, by number; undefined: all. */
export type WantedClasses = ReadonlySet<number> | undefined;

/**
 * Ultralytics non_max_suppression, first half: best class only (the first maximum wins), score strictly above `confidence`, then the
 * class filter, centre and size to corners in the precision of the model's answer. In anchor order.
 */
export function candidatesOf(
  { data, classes, anchors, isHalf = false }: YoloV8Output,
  confidence: number,
  wanted?: WantedClasses,
): Candidate[] {
  const best = new Float32Array(anchors);
  const bestClass = new Int32Array(anchors);
  best.set(data.subarray(4 * anchors, 5 * anchors));
  // Row by row, so that memory is read in order.
  for (let k = 1; k < classes; k++) {
    const row = (4 + k) * anchors;
    for (let a = 0; a < anchors; a++) {
      const score = data[row + a]!;
      if (score > best[a]!) {
        best[a] = score;
        bestClass[a] = k;
      }
    }
  }

  const candidates: Candidate[] = [];
  const round = isHalf ? roundToHalf : Math.fround;
  // torch compares float32 scores with the threshold as float32.
  const threshold = Math.fround(confidence);
  for (let a = 0; a < anchors; a++) {
    if (!(best[a]! > threshold) || wanted?.has(bestClass[a]!) === false) continue;
    const x = data[a]!;
    const y = data[anchors + a]!;
    const halfWidth = round(data[2 * anchors + a]! / 2);
    const halfHeight = round(data[3 * anchors + a]! / 2);
    candidates.push({
      class: bestClass[a]!,
      score: best[a]!,
      x1: round(x - halfWidth),
      y1: round(y - halfHeight),
      x2: round(x + halfWidth),
      y2: round(y + halfHeight),
    });
  }
  return candidates;
}
