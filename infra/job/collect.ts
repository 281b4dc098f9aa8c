/** The data of a run: every planned image ends in exactly one of done, failed (with a reason) or not run. */
import type { ContainerClient } from "@azure/storage-blob";
import { parseManifest, type ManifestImage } from "../../worker/contract/manifest";
import { isFailed, type DoneLine, type FailedLine, type ResultLine } from "../../worker/contract/result";
import { parseSummary, type Summary } from "../../worker/contract/summary";
import type { Batch } from "./batch";
import type { TaskView } from "./batchViews";
import { readText } from "./blobs";
import { lastLine } from "./lastLine";
import { limitsOf } from "./limits";
import { mapWithLimit } from "./mapWithLimit";
import { readAhead } from "./readAhead";
import { blobNames, type Outcome, type Run } from "./run";
import { Tally, type NamedFailure } from "./tally";
import { readResults } from "./taskResults";
import { timesOf } from "./taskTimes";
import { endOf, verdictOf, type RunEnd, type Verdict } from "./verdict";

export type PlannedImage =
  | { readonly kind: "done"; readonly name: string; readonly task: string; readonly line: DoneLine }
  | { readonly kind: "failed"; readonly name: string; readonly task: string; readonly line: FailedLine }
  | { readonly kind: "not-run"; readonly name: string; readonly task: string };

/** A run as it was accounted for, without the images themselves: of a million, too. */
export interface Account {
  readonly run: Run;
  readonly outcome: Outcome & { readonly verdict: Verdict };
  /** The first images that failed. */
  readonly failures: readonly NamedFailure[];
  /** Sentences: why the run was ended early, if it was, and one for each task that failed. */
  readonly problems: readonly string[];
  /** A sentence for each task that did all its images but whose logs could not be stored: Batch calls it failed, its results are complete. */
  readonly lostLogs: readonly string[];
  /** Of the tasks that came to their end. */
  readonly summaries: readonly Summary[];
}

export interface Collected extends Account {
  /** In task order, then manifest order. */
  readonly images: readonly PlannedImage[];
}

const readsAtOnce = 8;

/** The account of a run with all its images. */
export async function collect(run: Run, output: ContainerClient, batch: Batch): Promise<Collected> {
  const images: PlannedImage[] = [];
  const account = await accountFor(run, output, batch, (shard) => void images.push(...shard));
  return { ...account, images };
}

/**
 * Reads plan and results from the output container, a few tasks in memory at a time, times and failed tasks from Batch; where that has
 * forgotten the job, from an earlier report. `visit` gets the images of one task after the other, in manifest order.
 */
export async function accountFor(
  run: Run,
  output: ContainerClient,
  batch: Batch,
  visit: (shard: readonly PlannedImage[]) => Promise<void> | void,
): Promise<Account> {
  const job = await batch.getJob(run.job);
  const tasks = job === null ? [] : await batch.listTasks(run.job);
  const end = endOf(job);
  const endedEarly = endedEarlyBecause(end);
  const tally = new Tally();
  const summaries: Summary[] = [];
  for await (const shard of readAhead(run.tasks, readsAtOnce, ({ id }) => readShard(run, id, output))) {
    for (const image of shard.images) tally.note(image);
    await visit(shard.images);
    if (shard.summary !== null) summaries.push(shard.summary);
  }
  const didAll = isLogsAlone(tally.unfinished);
  const broken = brokenTasks(tasks, end, tally.unfinished);
  const words = await mapWithLimit(broken, readsAtOnce, (task) => taskWords(run, task, output));
  const told = endedEarly === null ? words : [`The run was ended early: ${endedEarly}.`, ...words];
  const problems = job === null ? (run.outcome?.problems ?? []) : told;
  const times = job === null ? (run.outcome?.tasks ?? []) : timesOf(tasks);
  const counted = tally.outcome(times);
  const found = verdictOf(end, counted.images, limitsOf(run), broken.length);
  const verdict = job === null ? rememberedVerdict(run, found) : found;
  return {
    run,
    outcome: { ...counted, verdict, problems, tasks: times },
    failures: tally.failures,
    problems,
    lostLogs: tasks
      .filter(didAll)
      .map(
        ({ id, failure }) =>
          `The logs of task ${id} could not be stored (${failure?.code ?? ""}); its results are complete.`,
      ),
    summaries,
  };
}

/** Pure: how a run ended only Batch knows; where that has forgotten the job, what a report found while it knew. */
function rememberedVerdict({ outcome }: Run, found: Verdict): Verdict {
  const told = outcome?.verdict;
  return told === undefined || told.kind === "running" ? found : told;
}

interface CollectedShard {
  readonly images: readonly PlannedImage[];
  readonly summary: Summary | null;
}

async function readShard(run: Run, id: string, output: ContainerClient): Promise<CollectedShard> {
  const names = blobNames(run.job, id);
  const manifest = await readText(output, names.manifest);
  if (manifest === null)
    throw new Error(`${names.manifest} is gone from ${output.url}: the plan of ${id} is lost.`);
  const summary = await readText(output, names.summary);
  return {
    images: joinOutcomes(id, parseManifest(manifest).images, await readResults(output, run.job, id)),
    summary: summary === null ? null : parseSummary(JSON.parse(summary), names.summary),
  };
}

/** Pure: the tasks that failed, but for those that lost their logs alone, and those that ended with their run. `unfinished`: with images that were not run. */
export function brokenTasks(
  tasks: readonly TaskView[],
  end: RunEnd,
  unfinished: ReadonlySet<string>,
): TaskView[] {
  const didAll = isLogsAlone(unfinished);
  const endedEarly = endedEarlyBecause(end) !== null;
  return tasks.filter(
    (task) => task.failure !== null && !(endedEarly && task.failure.code === "TaskEnded") && !didAll(task),
  );
}

/**
 * Pure: whether a task failed for its logs alone. They go up when its command has ended, and Batch neither tries that again nor lets such a task
 * succeed (Batch REST: OutputFile; TaskFailureInformationCodes). `unfinished`: tasks with images that were not run.
 */
export function isLogsAlone(unfinished: ReadonlySet<string>): (task: TaskView) => boolean {
  return ({ id, exitCode, failure }) =>
    exitCode === 0 && failure?.code.startsWith("FileUpload") === true && !unfinished.has(id);
}

/** Pure: why a run was ended before its tasks were; null for one that ended with them, or goes on. */
function endedEarlyBecause(end: RunEnd): string | null {
  switch (end.kind) {
    case "running":
    case "with-its-tasks":
      return null;
    case "out-of-time":
      return "it took longer than a job may (maxJobHours)";
    case "cancelled":
      return end.reason;
  }
}

/** Pure: each planned image with its line. A line of another version of the image is no result of this plan. */
export function joinOutcomes(
  task: string,
  planned: readonly ManifestImage[],
  lines: readonly ResultLine[],
): PlannedImage[] {
  const byKey = new Map(lines.map((line) => [keyOf(line.image), line]));
  return planned.map((image): PlannedImage => {
    const line = byKey.get(keyOf(image));
    const { name } = image;
    if (line === undefined) return { kind: "not-run", name, task };
    return isFailed(line) ? { kind: "failed", name, task, line } : { kind: "done", name, task, line };
  });
}

function keyOf({ name, etag }: { readonly name: string; readonly etag: string | null }): string {
  return JSON.stringify([name, etag]);
}

/** "Task shard-00007 failed on node … (exit code 3, attempt 3 of 3): <its last words> See runs/…/stderr.txt." */
async function taskWords(run: Run, task: TaskView, output: ContainerClient): Promise<string> {
  const { stderr } = blobNames(run.job, task.id);
  const words = lastLine((await readText(output, stderr)) ?? "");
  const how = [
    task.exitCode === null ? (task.failure?.code ?? "no code") : `exit code ${task.exitCode}`,
    ...(task.retries > 0 ? [`attempt ${task.retries + 1}`] : []),
  ].join(", ");
  const where = task.nodeId === null ? "" : ` on node ${task.nodeId}`;
  const see = words === null ? "" : ` See ${stderr}.`;
  return `Task ${task.id} failed${where} (${how}): ${words ?? task.failure?.message ?? ""}${see}`;
}
