/** What a report says of a run, put together: the run as it was found, its cost, and what is other than before. */
import type { Collected } from "../collect";
import { receiptChanges, type Change } from "../diff";
import type { Search } from "../previousRun";
import type { Run } from "../run";
import type { Cost } from "./cost";
import { differenceOf, linesOf, type Difference } from "./difference";

export interface Report {
  readonly collected: Collected;
  readonly cost: Cost;
  readonly comparison: Comparison;
}

export type Comparison =
  /** None of the `looked` runs before has results of the same images. */
  | { readonly kind: "none"; readonly looked: number }
  | {
      readonly kind: "found";
      readonly previous: Pick<Run, "job" | "submittedAt">;
      /** Of what decides a detection: layers and settings. */
      readonly changes: readonly Change[];
      readonly difference: Difference;
    };

/** Pure. */
export function comparisonOf(collected: Collected, { found, looked }: Search): Comparison {
  if (found === null) return { kind: "none", looked };
  return {
    kind: "found",
    previous: found.run,
    changes: receiptChanges(found.run, collected.run),
    difference: differenceOf(found.lines, linesOf(collected.images)),
  };
}
