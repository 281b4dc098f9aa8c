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
  { data, anchors, isHalf = false }: YoloV8Output,
  confidence: number,
  wanted?: WantedClasses,
): Candidate[] {
  // torch compares float32 scores with the threshold as float32.
  const threshold = Math.fround(confidence);
  const best = new Float32Array(anchors);
  const bestClass = new Int32Array(anchors);
  // In the order of memory; hardly any score passes, so that this one comparison is nearly all there is.
  for (let at = 4 * anchors; at < data.length; at++) {
    const score = data[at]!;
    if (!(score > threshold)) continue;
    const row = Math.floor(at / anchors);
    const anchor = at - row * anchors;
    if (score > best[anchor]!) {
      best[anchor] = score;
      bestClass[anchor] = row - 4;
    }
  }

  const candidates: Candidate[] = [];
  const round = isHalf ? roundToHalf : Math.fround;
  for (let a = 0; a < anchors; a++) {
    if (best[a] === 0 || wanted?.has(bestClass[a]!) === false) continue;
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
