/** Two runs held against each other: their receipts, line by line, and their results, image by image. Pure. */
import type { Collected } from "./collect";
import { differenceOf, linesOf, type Difference } from "./report/difference";
import type { Outcome, Run } from "./run";

type Value = string | number | null;

export interface Change {
  readonly name: string;
  /** Null: only the other run has it. */
  readonly before: Value;
  readonly after: Value;
}

/** A run and what is not in its receipt. */
export interface Side {
  readonly collected: Collected;
  /** "0.42 USD"; null where it is not known. */
  readonly cost: string | null;
}

export interface RunDiff {
  readonly before: Pick<Run, "job" | "submittedAt">;
  readonly after: Pick<Run, "job" | "submittedAt">;
  /** Layers, settings, what they make together, and the inputs. */
  readonly receipt: readonly Change[];
  readonly counts: readonly Change[];
  /** Detections by class. */
  readonly classes: readonly Change[];
  /** Images by failure code. */
  readonly failures: readonly Change[];
  readonly results: Difference;
  /** Images with a result in one of them alone. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

export function diffRuns(before: Side, after: Side): RunDiff {
  const [a, b] = [before.collected, after.collected];
  const [linesBefore, linesAfter] = [linesOf(a.images), linesOf(b.images)];
  const { run: runBefore } = a;
  const { run: runAfter } = b;
  return {
    before: { job: runBefore.job, submittedAt: runBefore.submittedAt },
    after: { job: runAfter.job, submittedAt: runAfter.submittedAt },
    receipt: [...receiptChanges(runBefore, runAfter), ...changes(restOf(runBefore), restOf(runAfter))],
    counts: changes(
      { ...countsOf(a.outcome, runBefore), cost: before.cost },
      { ...countsOf(b.outcome, runAfter), cost: after.cost },
    ),
    classes: changes(a.outcome.byClass, b.outcome.byClass),
    failures: changes(a.outcome.byFailure, b.outcome.byFailure),
    results: differenceOf(linesBefore, linesAfter),
    onlyBefore: [...linesBefore.keys()].filter((name) => !linesAfter.has(name)),
    onlyAfter: [...linesAfter.keys()].filter((name) => !linesBefore.has(name)),
  };
}

/** What differs of that which decides a detection: the layers and the settings. */
export function receiptChanges(before: Run, after: Run): Change[] {
  return changes(decidersOf(before), decidersOf(after));
}

function decidersOf({ layers, settings }: Run): Record<string, Value> {
  return Object.fromEntries([
    ...Object.entries(layers).map(([name, digest]) => [`layer ${name}`, digest]),
    ...Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === "number" ? value : Array.isArray(value) ? value.join(", ") || "all" : String(value),
    ]),
  ]) as Record<string, Value>;
}

function restOf({ lineage, poolId, inputsDigest }: Run): Record<string, Value> {
  return { lineage, poolId, inputsDigest };
}

function countsOf({ images, detections, nodes, seconds, imagesPerSecond }: Outcome, run: Run) {
  const { planned, done, failed, notRun } = images;
  return {
    ...{ images: planned, done, failed, "not run": notRun, bytes: run.bytes, detections },
    ...{ tasks: run.tasks.length, nodes, seconds, "images per second": imagesPerSecond },
  };
}

/** The names that differ, in the order of `after`; then those that only `before` has. */
function changes(before: Readonly<Record<string, Value>>, after: Readonly<Record<string, Value>>): Change[] {
  const value = (of: Readonly<Record<string, Value>>, name: string): Value =>
    Object.hasOwn(of, name) ? of[name]! : null;
  return [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .map((name) => ({ name, before: value(before, name), after: value(after, name) }))
    .filter((change) => change.before !== change.after);
}
