/** Labels in YOLO format: a text file a picture, a line an object, in shares of the picture's size. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileReasonOf, systemCodeOf } from "../failure";
import type { Box } from "../post/iou";

/** Corners in shares (0–1) of the upright picture's width and height. */
export interface Label {
  readonly class: number;
  readonly box: Box;
}

/** `a/b.jpg` is labelled by `a/b.txt`. Undefined: there is no such file, and thus nothing in the picture. */
export async function readLabels(folder: string, picture: string): Promise<Label[] | undefined> {
  const file = join(folder, picture.replace(/\.[^./]*$/, "") + ".txt");
  try {
    return parseLabels(await readFile(file, "utf8"), file);
  } catch (cause) {
    const code = systemCodeOf(cause);
    if (code === "ENOENT") return undefined;
    if (code === undefined) throw cause;
    throw new Error(`The labels ${file} cannot be read: ${fileReasonOf(cause)}.`, { cause });
  }
}

/**
 * Ultralytics' dataset checks: `class cx cy w h`, or `class x y x y x y …`, a polygon, of which the bounding box counts; shares lie
 * in 0–1; a line that says the same as an earlier one is the same object. Throws an Error of one sentence that names the line.
 */
export function parseLabels(text: string, file: string): Label[] {
  const labels = new Map<string, Label>();
  for (const [index, line] of text.split("\n").entries()) {
    const words = line.trim().split(/\s+/);
    if (words.length === 1 && words[0] === "") continue;
    const label = labelOf(words.map(Number), `${file} line ${index + 1}`);
    labels.set(JSON.stringify(label), label);
  }
  return [...labels.values()];
}

function labelOf([number = NaN, ...shares]: number[], where: string): Label {
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`${where}: it does not begin with a class number.`);
  if (!shares.every((share) => share >= 0 && share <= 1))
    throw new Error(`${where}: it has values that are no shares of the picture's size (0 to 1).`);
  if (shares.length === 4) return { class: number, box: boxAround(shares) };
  if (shares.length >= 6 && shares.length % 2 === 0) return { class: number, box: boxOfPolygon(shares) };
  throw new Error(
    `${where}: it has ${shares.length} values after the class, not 4 (centre and size) or the pairs of a polygon.`,
  );
}

function boxAround([x = NaN, y = NaN, width = NaN, height = NaN]: readonly number[]): Box {
  return { x1: x - width / 2, y1: y - height / 2, x2: x + width / 2, y2: y + height / 2 };
}

function boxOfPolygon(shares: readonly number[]): Box {
  const xs = shares.filter((_, index) => index % 2 === 0);
  const ys = shares.filter((_, index) => index % 2 === 1);
  return { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}
