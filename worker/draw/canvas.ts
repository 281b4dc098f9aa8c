/** Drawing into RGB pixels: filled rectangles and masks of coverage, cut at the picture's edges. */
import type { RgbPicture } from "../pre/tensor";
import type { Colour } from "./palette";

/** Fills the pixels left ≤ x < right, top ≤ y < bottom. */
export function fillRectangle(
  picture: RgbPicture,
  [left, top, right, bottom]: readonly [number, number, number, number],
  { r, g, b }: Colour,
): void {
  const fromX = Math.max(left, 0);
  const toX = Math.min(right, picture.width);
  const toY = Math.min(bottom, picture.height);
  for (let y = Math.max(top, 0); y < toY; y++)
    for (let x = fromX, at = (y * picture.width + fromX) * 3; x < toX; x++, at += 3) {
      picture.rgb[at] = r;
      picture.rgb[at + 1] = g;
      picture.rgb[at + 2] = b;
    }
}

/** Coverage of pixels by a shape: 0 (none) to 255 (whole). */
export type Mask = { readonly width: number; readonly height: number; readonly coverage: Uint8Array };

/** Lays a colour over the picture through a mask whose top left pixel is at (left, top). */
export function fillMask(picture: RgbPicture, mask: Mask, left: number, top: number, colour: Colour): void {
  const channels = [colour.r, colour.g, colour.b];
  const fromX = Math.max(0, -left);
  const toX = Math.min(mask.width, picture.width - left);
  const toY = Math.min(mask.height, picture.height - top);
  for (let y = Math.max(0, -top); y < toY; y++)
    for (let x = fromX; x < toX; x++) {
      const part = mask.coverage[y * mask.width + x]!;
      if (part === 0) continue;
      const at = ((top + y) * picture.width + left + x) * 3;
      for (let c = 0; c < 3; c++) {
        const below = picture.rgb[at + c]!;
        picture.rgb[at + c] = below + Math.round(((channels[c]! - below) * part) / 255);
      }
    }
}
