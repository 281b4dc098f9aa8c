/** The run before, to compare with: the newest earlier one that has results of the same images. */
import type { ContainerClient } from "@azure/storage-blob";
import type { ResultLine } from "../../worker/contract/result";
import { mapWithLimit } from "./mapWithLimit";
import { imagesOf } from "./plannedImages";
import { allRuns, type Run } from "./run";
import { readResults } from "./taskResults";

export interface PreviousRun {
  readonly run: Run;
  /** Of the images that both runs have. */
  readonly lines: ReadonlyMap<string, ResultLine>;
}

export interface Search {
  /** Null: none of those that were looked at. */
  readonly found: PreviousRun | null;
  /** How many earlier runs were looked at, the newest first. */
  readonly looked: number;
}

const readsAtOnce = 8;

/** A lineage's runs are over what is new, so that the images may be far back; but each run looked at is read whole. */
const mostLooked = 20;

/** `names`: those of the run's images that have results. */
export async function findPreviousRun(
  run: Run,
  names: ReadonlySet<string>,
  output: ContainerClient,
): Promise<Search> {
  if (names.size === 0) return { found: null, looked: 0 };
  const earlier = earlierRuns(run, await allRuns(output)).slice(0, mostLooked);
  for (const [index, each] of earlier.entries()) {
    if (!(await hasPlanned(each, names, output))) continue;
    const lines = await resultsOf(each, output, (name) => names.has(name));
    if (lines.size > 0) return { found: { run: each, lines }, looked: index + 1 };
  }
  return { found: null, looked: earlier.length };
}

/** Pure: those that were submitted before, the newest first. */
export function earlierRuns(run: Run, all: readonly Run[]): Run[] {
  const at = ({ submittedAt }: Run): number => Date.parse(submittedAt);
  return all.filter((each) => each.job !== run.job && at(each) < at(run)).sort((a, b) => at(b) - at(a));
}

/** Results by image name, of the names that are wanted. */
export async function resultsOf(
  run: Run,
  output: ContainerClient,
  isWanted: (name: string) => boolean,
): Promise<Map<string, ResultLine>> {
  const lines = await mapWithLimit(run.tasks, readsAtOnce, async ({ id }) =>
    (await readResults(output, run.job, id)).filter((line) => isWanted(line.image.name)),
  );
  return new Map(lines.flat().map((line) => [line.image.name, line]));
}

async function hasPlanned(run: Run, names: ReadonlySet<string>, output: ContainerClient): Promise<boolean> {
  let planned = 0;
  for await (const { name } of imagesOf(output, run.job)) {
    if (names.has(name)) return true;
    planned += 1;
  }
  // A plan of an earlier version has no list of its own: its results tell.
  return planned === 0;
}
