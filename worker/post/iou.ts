/** Intersection over union of two boxes, in doubles: for measuring; suppression has torchvision's float32 form of its own. */

/** Corners, in pixels. */
export type Box = { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };

/** From 0 (apart) to 1 (the same). Two boxes without area, whose ratio is not defined, are the same or they are apart. */
export function iouOf(a: Box, b: Box): number {
  const width = Math.max(0, Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1));
  const height = Math.max(0, Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1));
  const intersection = width * height;
  const union = areaOf(a) + areaOf(b) - intersection;
  if (union > 0) return intersection / union;
  return a.x1 === b.x1 && a.y1 === b.y1 && a.x2 === b.x2 && a.y2 === b.y2 ? 1 : 0;
}

function areaOf({ x1, y1, x2, y2 }: Box): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}
