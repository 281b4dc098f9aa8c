/** Drawing into RGB pixels: filled rectangles and masks of coverage, cut at the picture's edges. */
import type { RgbPicture } from "../pre/tensor";
import type { Colour } from "./palette";

/** Fills the pixels left ≤ x < right, top ≤ y < bottom. */
export function fillRectangle(
  { width, height, rgb }: RgbPicture,
  [left, top, right, bottom]: readonly [number, number, number, number],
  { r, g, b }: Colour,
): void {
  const [fromX, toX] = [Math.max(left, 0), Math.min(right, width)];
  const [fromY, toY] = [Math.max(top, 0), Math.min(bottom, height)];
  if (fromX >= toX || fromY >= toY) return;
  // Rows of a wide one are copied from its first; a call costs more than the few pixels of a narrow one.
  const copied = toX - fromX > 64;
  const [firstStart, firstEnd] = [(fromY * width + fromX) * 3, (fromY * width + toX) * 3];
  for (let y = fromY; y < toY; y++) {
    const start = (y * width + fromX) * 3;
    if (copied && y > fromY) {
      rgb.copyWithin(start, firstStart, firstEnd);
      continue;
    }
    for (let at = start; at < start + firstEnd - firstStart; at += 3) {
      rgb[at] = r;
      rgb[at + 1] = g;
      rgb[at + 2] = b;
    }
  }
}

/** Coverage of pixels by a shape: 0 (none) to 255 (whole). */
export type Mask = { readonly width: number; readonly height: number; readonly coverage: Uint8Array };

/** Lays a colour over the picture through a mask whose top left pixel is at (left, top). */
export function fillMask(
  { width, height, rgb }: RgbPicture,
  mask: Mask,
  left: number,
  top: number,
  { r, g, b }: Colour,
): void {
  const fromX = Math.max(0, -left);
  const toX = Math.min(mask.width, width - left);
  const toY = Math.min(mask.height, height - top);
  for (let y = Math.max(0, -top); y < toY; y++) {
    let at = ((top + y) * width + left + fromX) * 3;
    for (let x = fromX, from = y * mask.width + fromX; x < toX; x++, from++, at += 3) {
      const part = mask.coverage[from]!;
      if (part === 0) continue;
      rgb[at] = blend(rgb[at]!, r, part);
      rgb[at + 1] = blend(rgb[at + 1]!, g, part);
      rgb[at + 2] = blend(rgb[at + 2]!, b, part);
    }
  }
}

/** Rounded to the nearest, in whole numbers. */
function blend(below: number, above: number, part: number): number {
  return ((below * (255 - part) + above * part + 127) / 255) | 0;
}
