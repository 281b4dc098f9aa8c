/**
 * The label font: anti-aliased glyphs of any size out of strokes. The strokes (hersheySimplex.json) are the simplex roman font
 * of Dr. A. V. Hershey (U.S. National Bureau of Standards, free to use with this acknowledgement), which OpenCV's putText
 * draws too; they stand in the JSON as in font "futural" of npm `hersheytext` 2.0.0 (MIT, © 2014 James T), an advance width
 * before each. THIRD_PARTY_NOTICES has the terms. A node needs no fonts installed.
 */
import type { Mask } from "./canvas";
import strokes from "./hersheySimplex.json";

/** The font's own units: capital letters reach from y = 1 to the baseline at 22, descenders to 29. */
const capTop = 1;
const baseline = 22;
const spaceWidth = 16;

export type TextStyle = {
  /** Pixels per font unit. */
  readonly scale: number;
  /** Width of a stroke in pixels. */
  readonly thickness: number;
};

export type TextSize = { readonly width: number; readonly capHeight: number };

export function textSize(text: string, { scale }: TextStyle): TextSize {
  const units = Array.from(printable(text)).reduce((sum, character) => sum + glyphOf(character).width, 0);
  return { width: Math.ceil(units * scale), capHeight: Math.ceil((baseline - capTop) * scale) };
}

/** The mask of a text and how far its baseline lies below its top; its left edge is the pen's start less `inset` pixels. */
export function textMask(text: string, style: TextStyle): { mask: Mask; baselineY: number; inset: number } {
  const { scale, thickness } = style;
  const inset = Math.ceil(thickness);
  const ascent = Math.ceil((baseline + 3) * scale) + inset; // brackets rise to y = -3
  const mask = {
    width: textSize(text, style).width + 2 * inset,
    height: ascent + Math.ceil(7 * scale) + inset,
    coverage: new Uint8Array(0),
  };
  mask.coverage = new Uint8Array(mask.width * mask.height);
  let pen = 0;
  for (const character of printable(text)) {
    const glyph = glyphOf(character);
    for (const line of glyph.lines)
      for (let i = 0; i < Math.max(1, line.length - 1); i++)
        strokeSegment(mask, place(line[i]!), place(line[i + 1] ?? line[i]!), thickness);
    pen += glyph.width;
  }
  return { mask, baselineY: ascent, inset };

  function place([x, y]: Point): Point {
    return [(pen + x) * scale + inset, (y - baseline) * scale + ascent];
  }
}

type Point = readonly [x: number, y: number];
type Glyph = { readonly width: number; readonly lines: readonly (readonly Point[])[] };

const glyphs = new Map<string, Glyph>(
  Object.entries(strokes).map(([character, definition]) => {
    const space = definition.indexOf(" ");
    const lines = definition
      .slice(space + 1)
      .split("M")
      .filter((line) => line.trim() !== "")
      .map((line) =>
        [...line.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map((m): Point => [Number(m[1]), Number(m[2])]),
      );
    return [character, { width: Number(definition.slice(0, space)), lines }];
  }),
);

function glyphOf(character: string): Glyph {
  return glyphs.get(character) ?? { width: spaceWidth, lines: [] };
}

/** ASCII of a text: accents are dropped, what has no ASCII form becomes a question mark. */
function printable(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^ -~]/gu, "?");
}

/** Marks what a round pen covers on its way from a to b; where strokes meet, the larger coverage counts. */
function strokeSegment(mask: Mask, [ax, ay]: Point, [bx, by]: Point, thickness: number): void {
  const reach = thickness / 2 + 0.5;
  const lengthSquared = (bx - ax) ** 2 + (by - ay) ** 2;
  const toX = Math.min(mask.width - 1, Math.ceil(Math.max(ax, bx) + reach));
  const toY = Math.min(mask.height - 1, Math.ceil(Math.max(ay, by) + reach));
  for (let y = Math.max(0, Math.floor(Math.min(ay, by) - reach)); y <= toY; y++)
    for (let x = Math.max(0, Math.floor(Math.min(ax, bx) - reach)); x <= toX; x++) {
      const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
      const along = lengthSquared === 0 ? 0 : (px * (bx - ax) + py * (by - ay)) / lengthSquared;
      const t = Math.min(1, Math.max(0, along));
      const distance = Math.hypot(px - t * (bx - ax), py - t * (by - ay));
      const part = Math.round(255 * Math.min(1, Math.max(0, reach - distance)));
      const at = y * mask.width + x;
      if (part > mask.coverage[at]!) mask.coverage[at] = part;
    }
}
