/** A line of text: its size, and drawing it glyph by glyph. */
import type { RgbPicture } from "../pre/tensor";
import { fillMask } from "./canvas";
import { glyphMask, type TextStyle } from "./glyphMask";
import type { Colour } from "./palette";
import { fontUnits, glyphOf } from "./strokeFont";

export type TextSize = { readonly width: number; readonly capHeight: number };

/** Of printable ASCII, in whole pixels. */
export function textSize(text: string, { scale }: TextStyle): TextSize {
  const units = Array.from(text).reduce((sum, character) => sum + glyphOf(character).width, 0);
  return {
    width: Math.ceil(units * scale),
    capHeight: Math.ceil((fontUnits.baseline - fontUnits.capTop) * scale),
  };
}

/** Starts at `left`, on `baseline`, both whole pixels. */
export function drawText(
  picture: RgbPicture,
  text: string,
  style: TextStyle,
  [left, baseline]: readonly [number, number],
  colour: Colour,
): void {
  let pen = left;
  for (const character of text) {
    const mask = glyphMask(character, pen, style);
    fillMask(picture, mask, Math.floor(pen) + mask.left, baseline + mask.top, colour);
    pen += glyphOf(character).width * style.scale;
  }
}
