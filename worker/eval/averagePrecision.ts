/** Average precision as COCO counts it: matched findings of all pictures into one number a class and threshold. */
import type { Box } from "../post/iou";
import { iouThresholds, judge, type Finding, type Judged } from "./matching";

/** In pixels of the picture, like the findings beside them. */
export interface LabelledObject {
  readonly class: number;
  readonly box: Box;
}

export interface EvaluatedPicture {
  readonly objects: readonly LabelledObject[];
  readonly findings: readonly (Finding & { readonly class: number })[];
}

export interface ClassPrecision {
  readonly class: number;
  readonly objects: number;
  /** At IoU .50. */
  readonly ap50: number;
  /** Mean over IoU .50:.05:.95. */
  readonly ap: number;
}

export interface Precision {
  /** Means over the classes that have objects; NaN when there is no object at all. */
  readonly map50: number;
  readonly map: number;
  /** Those classes, by number. */
  readonly classes: readonly ClassPrecision[];
}

/** COCO ignores findings of a class of which the pictures hold no object. */
export function precisionOf(pictures: readonly EvaluatedPicture[]): Precision {
  const numbers = new Set(pictures.flatMap(({ objects }) => objects.map((object) => object.class)));
  const classes = [...numbers].sort((a, b) => a - b).map((number) => classPrecision(number, pictures));
  return {
    map50: mean(classes.map(({ ap50 }) => ap50)),
    map: mean(classes.map(({ ap }) => ap)),
    classes,
  };
}

function classPrecision(number: number, pictures: readonly EvaluatedPicture[]): ClassPrecision {
  const own = <T extends { readonly class: number }>(things: readonly T[]): T[] =>
    things.filter((thing) => thing.class === number);
  const objects = pictures.reduce((count, picture) => count + own(picture.objects).length, 0);
  const judged = pictures.flatMap(({ findings, objects: all }) =>
    judge(
      own(findings),
      own(all).map(({ box }) => box),
    ),
  );
  judged.sort((a, b) => b.confidence - a.confidence);
  const byThreshold = iouThresholds.map((_, at) => averagePrecision(judged, at, objects));
  return { class: number, objects, ap50: byThreshold[0]!, ap: mean(byThreshold) };
}

/** 0, .01, … 1 as numpy's linspace computes them for COCO: .7000000000000001 is one of them, and a recall of 7 in 10 does not reach it. */
const recallLevels: readonly number[] = Array.from({ length: 101 }, (_, percent) => percent * 0.01);

/**
 * COCO: precision at each of the recall levels is the best precision at that recall or beyond, 0 where it is not reached; the
 * average is over all levels.
 */
function averagePrecision(judged: readonly Judged[], threshold: number, objects: number): number {
  const recalls: number[] = [];
  const precisions: number[] = [];
  let hits = 0;
  for (const [index, { hits: at }] of judged.entries()) {
    if (at[threshold]) hits += 1;
    recalls.push(hits / objects);
    precisions.push(hits / (index + 1));
  }
  for (let index = precisions.length - 2; index >= 0; index--)
    precisions[index] = Math.max(precisions[index]!, precisions[index + 1]!);

  let sum = 0;
  let index = 0;
  for (const level of recallLevels) {
    while (index < recalls.length && recalls[index]! < level) index += 1;
    sum += precisions[index] ?? 0;
  }
  return sum / recallLevels.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
