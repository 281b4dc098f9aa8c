/** Comparing one picture's detections with the reference's: who belongs to whom, and how far apart the pairs are. */
import type { Detection } from "../contract/result";
import { round5 } from "../post/detections";
import { iouOf } from "../post/iou";
import type { ReferenceBox } from "./golden";

/** How far apart two boxes are once both are rounded to 5 decimals, as results are; of several the worst, value by value. */
export interface Distance {
  readonly iou: number;
  /** Largest difference of a corner's coordinate, in pixels. */
  readonly boxPx: number;
  readonly score: number;
}

export interface PictureComparison {
  readonly name: string;
  readonly ours: number;
  readonly reference: number;
  /** Of the reference, with no detection of ours. */
  readonly missing: number;
  /** Of ours, with nothing in the reference. */
  readonly extra: number;
  /** Pairs at no distance: all five values are the same. */
  readonly equal: number;
  readonly worst: Distance;
}

export const noDistance: Distance = { iou: 1, boxPx: 0, score: 0 };

/** Pairs are of one class; the best-scored reference box chooses first, and takes what overlaps it most. */
export function comparePicture(
  name: string,
  ours: readonly Detection[],
  reference: readonly ReferenceBox[],
): PictureComparison {
  const free = new Set(ours);
  const distances: Distance[] = [];
  for (const expected of [...reference].sort((a, b) => b.score - a.score).map(rounded)) {
    const found = bestOf(free, expected);
    if (found === undefined) continue;
    free.delete(found);
    distances.push(distanceBetween(found, expected));
  }
  return {
    name,
    ours: ours.length,
    reference: reference.length,
    missing: reference.length - distances.length,
    extra: free.size,
    equal: distances.filter(({ boxPx, score }) => boxPx === 0 && score === 0).length,
    worst: distances.reduce(worse, noDistance),
  };
}

/** The worse of two distances, value by value. */
export function worse(a: Distance, b: Distance): Distance {
  return {
    iou: Math.min(a.iou, b.iou),
    boxPx: Math.max(a.boxPx, b.boxPx),
    score: Math.max(a.score, b.score),
  };
}

function rounded({ class: number, score, box: { x1, y1, x2, y2 } }: ReferenceBox): ReferenceBox {
  const box = { x1: round5(x1), y1: round5(y1), x2: round5(x2), y2: round5(y2) };
  return { class: number, score: round5(score), box };
}

/** Of equal overlaps (a model may give one box twice) the one whose score is closest. */
function bestOf(free: Iterable<Detection>, expected: ReferenceBox): Detection | undefined {
  let best: { found: Detection; iou: number; scoreDistance: number } | undefined;
  for (const found of free) {
    if (found.class !== expected.class) continue;
    const iou = iouOf(found.box, expected.box);
    const scoreDistance = Math.abs(found.confidence - expected.score);
    const isBetter =
      best === undefined || iou > best.iou || (iou === best.iou && scoreDistance < best.scoreDistance);
    if (iou >= samePlace && isBetter) best = { found, iou, scoreDistance };
  }
  return best?.found;
}

/** Below this overlap two boxes are not the same finding moved but two findings: one missing, one extra. */
const samePlace = 0.5;

function distanceBetween(found: Detection, expected: ReferenceBox): Distance {
  const corners = ["x1", "y1", "x2", "y2"] as const;
  return {
    iou: iouOf(found.box, expected.box),
    boxPx: Math.max(...corners.map((corner) => Math.abs(found.box[corner] - expected.box[corner]))),
    score: Math.abs(found.confidence - expected.score),
  };
}
