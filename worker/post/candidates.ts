/** Candidates: the anchors of a YOLOv8 detection head whose best class score passes the threshold. */
import type { YoloV8Output } from "./headOutput";

export type Candidate = {
  readonly class: number;
  readonly score: number;
  /** Corners in pixels of the model's input, in float32. */
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
};

/** Classes that a person wants, by number; undefined: all. */
export type WantedClasses = ReadonlySet<number> | undefined;

/**
 * Ultralytics non_max_suppression, first half: best class only (the first maximum wins), score strictly above `confidence`, then the
 * class filter, centre and size to corners in float32. In anchor order.
 */
export function candidatesOf(
  { data, classes, anchors }: YoloV8Output,
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
  // torch compares float32 scores with the threshold as float32.
  const threshold = Math.fround(confidence);
  for (let a = 0; a < anchors; a++) {
    if (!(best[a]! > threshold) || wanted?.has(bestClass[a]!) === false) continue;
    const x = data[a]!;
    const y = data[anchors + a]!;
    const halfWidth = Math.fround(data[2 * anchors + a]! / 2);
    const halfHeight = Math.fround(data[3 * anchors + a]! / 2);
    candidates.push({
      class: bestClass[a]!,
      score: best[a]!,
      x1: Math.fround(x - halfWidth),
      y1: Math.fround(y - halfHeight),
      x2: Math.fround(x + halfWidth),
      y2: Math.fround(y + halfHeight),
    });
  }
  return candidates;
}
