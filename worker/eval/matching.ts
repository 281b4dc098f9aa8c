/** Which findings of one class in one picture are right: COCO's matching, threshold by threshold. */
import { iouOf, type Box } from "../post/iou";

/** COCO: .50, .55, … .95. */
export const iouThresholds: readonly number[] = Array.from(
  { length: 10 },
  (_, step) => (50 + 5 * step) / 100,
);

export interface Finding {
  readonly confidence: number;
  readonly box: Box;
}

/** A finding's score, and for each threshold whether it found an object. */
export interface Judged {
  readonly confidence: number;
  readonly hits: readonly boolean[];
}

/** Best score first; each finding takes the object it overlaps most among those that are left (of equal overlaps the last, as COCO). */
export function judge(findings: readonly Finding[], objects: readonly Box[]): Judged[] {
  const ordered = [...findings].sort((a, b) => b.confidence - a.confidence);
  const overlaps = ordered.map(({ box }) => objects.map((object) => iouOf(box, object)));
  const hits = iouThresholds.map((threshold) => hitsAt(threshold, overlaps));
  return ordered.map(({ confidence }, index) => ({ confidence, hits: hits.map((at) => at[index]!) }));
}

/** Row: a finding's overlap with each object, in order of choice. */
function hitsAt(threshold: number, overlaps: readonly (readonly number[])[]): boolean[] {
  const taken = new Set<number>();
  return overlaps.map((row) => {
    let best: number | undefined;
    for (const [object, overlap] of row.entries())
      if (!taken.has(object) && overlap >= (best === undefined ? threshold : row[best]!)) best = object;
    if (best === undefined) return false;
    taken.add(best);
    return true;
  });
}
