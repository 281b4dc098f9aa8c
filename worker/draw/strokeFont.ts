/**
 * The label font: glyphs as strokes. They (hersheySimplex.json) are the simplex roman font of Dr. A. V. Hershey (U.S. National
 * Bureau of Standards, free to use with this acknowledgement), which OpenCV's putText draws too; they stand in the JSON as in
 * font "futural" of npm `hersheytext` 2.0.0 (MIT, © 2014 James T), an advance width before each. THIRD_PARTY_NOTICES has the
 * terms. A node needs no fonts installed.
 */
import strokes from "./hersheySimplex.json";

/** The font's own units: capital letters reach from y = 1 to the baseline at 22; brackets rise to -3, descenders go to 29. */
export const fontUnits = { top: -3, capTop: 1, baseline: 22, bottom: 29 } as const;

export type Point = readonly [x: number, y: number];
export type Glyph = { readonly width: number; readonly lines: readonly (readonly Point[])[] };

/** The glyph of a printable ASCII character. */
export function glyphOf(character: string): Glyph {
  return glyphs.get(character) ?? { width: spaceWidth, lines: [] };
}

/** The text in the font's characters: Latin letters without their accents. Undefined where the font lacks one. */
export function drawableText(text: string): string | undefined {
  const latin = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^ -~]/gu, (letter) => lettersWithoutAccent[letter] ?? letter);
  return /^[ -~]*$/.test(latin) ? latin : undefined;
}

const spaceWidth = 16;

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

/** Latin letters that Unicode does not take apart into a letter and an accent. */
const lettersWithoutAccent: Readonly<Record<string, string>> = {
  ...{ ß: "ss", ẞ: "SS", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O", ł: "l", Ł: "L" },
  ...{ đ: "d", Đ: "D", ð: "d", Ð: "D", þ: "th", Þ: "Th", ı: "i", "’": "'", "–": "-" },
};
