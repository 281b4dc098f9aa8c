/** How the results of the same images differ between two runs. Pure. */
import { isFailed, type Detection, type ResultLine } from "../../../worker/contract/result";
import type { PlannedImage } from "../collect";

export interface ImageDifference {
  readonly name: string;
  /** The picture itself is another one: its blob was written again in between. */
  readonly otherPicture: boolean;
  /** What became of it before and after. */
  readonly before: "done" | "failed";
  readonly after: "done" | "failed";
  /** Class → how many detections only the later, only the earlier run has. */
  readonly gained: Readonly<Record<string, number>>;
  readonly lost: Readonly<Record<string, number>>;
  /** Detections that both have, with another box or confidence. */
  readonly moved: number;
}

export interface Difference {
  /** Images with a result in both. */
  readonly compared: number;
  readonly images: readonly ImageDifference[];
  readonly newClasses: readonly string[];
  readonly goneClasses: readonly string[];
}

/** A later run's results with an earlier one's of the same names. */
export function differenceOf(
  before: ReadonlyMap<string, ResultLine>,
  after: ReadonlyMap<string, ResultLine>,
): Difference {
  const images: ImageDifference[] = [];
  const [classesBefore, classesAfter] = [new Set<string>(), new Set<string>()];
  let compared = 0;
  for (const [name, line] of after) {
    const earlier = before.get(name);
    if (earlier === undefined) continue;
    compared += 1;
    for (const each of detectionsOf(earlier)) classesBefore.add(each.name);
    for (const each of detectionsOf(line)) classesAfter.add(each.name);
    const difference = imageDifference(name, earlier, line);
    if (difference !== null) images.push(difference);
  }
  return {
    compared,
    images,
    newClasses: [...classesAfter].filter((each) => !classesBefore.has(each)).sort(),
    goneClasses: [...classesBefore].filter((each) => !classesAfter.has(each)).sort(),
  };
}

/** Results by image name; an image that was not run has none. */
export function linesOf(images: readonly PlannedImage[]): Map<string, ResultLine> {
  return new Map(images.flatMap((image) => (image.kind === "not-run" ? [] : [[image.name, image.line]])));
}

export function hasLost({ lost }: ImageDifference): boolean {
  return Object.keys(lost).length > 0;
}

export function hasGained({ gained }: ImageDifference): boolean {
  return Object.keys(gained).length > 0;
}

/** Null: the same. */
function imageDifference(name: string, before: ResultLine, after: ResultLine): ImageDifference | null {
  const matched = match(detectionsOf(before), detectionsOf(after));
  const [was, is] = [isFailed(before) ? "failed" : "done", isFailed(after) ? "failed" : "done"] as const;
  if (was === is && matched.lost.length + matched.gained.length + matched.moved === 0) return null;
  return {
    name,
    otherPicture: before.image.etag !== after.image.etag,
    before: was,
    after: is,
    gained: countByClass(matched.gained),
    lost: countByClass(matched.lost),
    moved: matched.moved,
  };
}

function detectionsOf(line: ResultLine): readonly Detection[] {
  return isFailed(line) ? [] : line.detections;
}

/** Boxes of one class that share at least half of what they cover together are of the same thing. */
const sameThing = 0.5;

/** Pairs of the same class, those that overlap most first. */
function match(before: readonly Detection[], after: readonly Detection[]) {
  const pairs = before
    .flatMap((a) => after.filter((b) => b.name === a.name).map((b) => ({ a, b, overlap: overlapOf(a, b) })))
    .filter(({ overlap }) => overlap >= sameThing)
    .sort((one, other) => other.overlap - one.overlap);
  const [lost, gained] = [new Set(before), new Set(after)];
  let moved = 0;
  for (const { a, b } of pairs) {
    if (!lost.has(a) || !gained.has(b)) continue;
    lost.delete(a);
    gained.delete(b);
    if (a.confidence !== b.confidence || cornersOf(a).some((corner, index) => corner !== cornersOf(b)[index]))
      moved += 1;
  }
  return { lost: [...lost], gained: [...gained], moved };
}

/** Intersection over union. */
function overlapOf({ box: a }: Detection, { box: b }: Detection): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: Detection["box"]): number => (box.x2 - box.x1) * (box.y2 - box.y1);
  return (width * height) / (area(a) + area(b) - width * height);
}

function cornersOf({ box: { x1, y1, x2, y2 } }: Detection): readonly number[] {
  return [x1, y1, x2, y2];
}

function countByClass(detections: readonly Detection[]): Record<string, number> {
  // Without a prototype: a class may be called "constructor".
  const counts = Object.create(null) as Record<string, number>;
  for (const { name } of detections) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
