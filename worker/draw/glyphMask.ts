/** Glyphs as anti-aliased masks: drawn once for a style by a round pen, then kept, since the labels of a run repeat them. */
import type { Mask } from "./canvas";
import { fontUnits, glyphOf, type Point } from "./strokeFont";

export type TextStyle = {
  /** Pixels per font unit. */
  readonly scale: number;
  /** Width of a stroke in pixels. */
  readonly thickness: number;
};

/** A mask, and where its top left pixel lies from the pen's (whole) position on the baseline. */
export type GlyphMask = Mask & { readonly left: number; readonly top: number };

/** The pen may stand between two pixels, at quarters. */
const phases = 4;
/** Of masks that are kept: some twenty styles of photographs, two of pictures of 12 megapixels. */
const keptBytes = 4_000_000;

const kept = new Map<string, GlyphMask>();
let bytes = 0;

/** `penX` is in pixels; its whole part is the caller's to add. */
export function glyphMask(character: string, penX: number, style: TextStyle): GlyphMask {
  const phase = Math.floor((penX - Math.floor(penX)) * phases);
  const key = `${character}${phase} ${style.scale} ${style.thickness}`;
  const found = kept.get(key);
  if (found !== undefined) return found;
  const made = drawn(character, phase / phases, style);
  if (bytes + made.coverage.length > keptBytes) {
    kept.clear();
    bytes = 0;
  }
  kept.set(key, made);
  bytes += made.coverage.length;
  return made;
}

function drawn(character: string, offsetX: number, { scale, thickness }: TextStyle): GlyphMask {
  const glyph = glyphOf(character);
  const inset = Math.ceil(thickness);
  const ascent = Math.ceil((fontUnits.baseline - fontUnits.top) * scale) + inset;
  const width = Math.ceil(glyph.width * scale + offsetX) + 2 * inset;
  const height = ascent + Math.ceil((fontUnits.bottom - fontUnits.baseline) * scale) + inset;
  const mask = { width, height, coverage: new Uint8Array(width * height), left: -inset, top: -ascent };
  const place = ([x, y]: Point): Point => [
    x * scale + offsetX + inset,
    (y - fontUnits.baseline) * scale + ascent,
  ];
  for (const line of glyph.lines)
    for (let i = 0; i < Math.max(1, line.length - 1); i++)
      strokeSegment(mask, place(line[i]!), place(line[i + 1] ?? line[i]!), thickness);
  return mask;
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
      const [awayX, awayY] = [px - t * (bx - ax), py - t * (by - ay)];
      const distance = Math.sqrt(awayX * awayX + awayY * awayY); // Math.hypot takes ten times as long
      if (distance >= reach) continue;
      const part = Math.round(255 * Math.min(1, reach - distance));
      const at = y * mask.width + x;
      if (part > mask.coverage[at]!) mask.coverage[at] = part;
    }
}
