/** A run by as much of its id as tells it from the others. Pure. */
import type { Run } from "./run";

const mostNamed = 5;

/**
 * The beginning of an id, with or without `detect-`; or of what follows the lineage, which all runs of one lineage have alike. Throws a sentence where no
 * run, or more than one, is meant.
 */
export function runOf(runs: readonly Run[], given: string): Run {
  const exact = runs.find((run) => run.job === given);
  if (exact !== undefined) return exact;
  const meant = runs.filter((run) => beginnings(run.job).some((text) => text.startsWith(given)));
  const [only] = meant;
  if (only === undefined) throw new Error(`There is no run ${given}; npm run job -- list names them all.`);
  if (meant.length === 1) return only;
  const named = meant.slice(0, mostNamed).map((run) => run.job);
  const more = meant.length > mostNamed ? ` and ${meant.length - mostNamed} more` : "";
  throw new Error(`${given} may be any of ${named.join(", ")}${more}. Give more of the id.`);
}

/** `detect-<lineage>-<digest>-2`, `<lineage>-<digest>-2`, `<digest>-2`. */
function beginnings(job: string): string[] {
  const parts = job.split("-");
  return [0, 1, 2].map((from) => parts.slice(from).join("-"));
}
