/** How sure the model was: detections counted by confidence. Pure. */
import type { PlannedImage } from "../collect";

export interface Bin {
  /** `from` ≤ confidence < `to`; the last bin has 1, too. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const bins = 20;

/** Over 0 to 1 in steps of 0.05. */
export function confidenceHistogram(images: readonly PlannedImage[]): Bin[] {
  const counts = new Array<number>(bins).fill(0);
  for (const image of images)
    if (image.kind === "done")
      for (const { confidence } of image.line.detections) counts[binOf(confidence)]! += 1;
  return counts.map((count, index) => ({ from: index / bins, to: (index + 1) / bins, count }));
}

function binOf(confidence: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(confidence * bins)));
}
