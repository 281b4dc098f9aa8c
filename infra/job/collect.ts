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
import { blobNames, type Outcome, type Run } from "./run";
import { readResults } from "./taskResults";
import { endOf, verdictOf, type RunEnd, type Verdict } from "./verdict";

export type PlannedImage =
  | { readonly kind: "done"; readonly name: string; readonly task: string; readonly line: DoneLine }
  | { readonly kind: "failed"; readonly name: string; readonly task: string; readonly line: FailedLine }
  | { readonly kind: "not-run"; readonly name: string; readonly task: string };

export interface Collected {
  readonly run: Run;
  /** In task order, then manifest order. */
  readonly images: readonly PlannedImage[];
  readonly outcome: Outcome & { readonly verdict: Verdict };
  /** Sentences: why the run was ended early, if it was, and one for each task that failed. */
  readonly problems: readonly string[];
  /** A sentence for each task that did all its images but whose logs could not be stored: Batch calls it failed, its results are complete. */
  readonly lostLogs: readonly string[];
  /** Of the tasks that came to their end. */
  readonly summaries: readonly Summary[];
}

const readsAtOnce = 8;

/** Reads plan and results from the output container, times and failed tasks from Batch, which may have forgotten the job. */
export async function collect(run: Run, output: ContainerClient, batch: Batch): Promise<Collected> {
  const job = await batch.getJob(run.job);
  const tasks = job === null ? [] : await batch.listTasks(run.job);
  const end = endOf(job);
  const endedEarly = endedEarlyBecause(end);
  const shards = await mapWithLimit(run.tasks, readsAtOnce, async ({ id }) => {
    const names = blobNames(run.job, id);
    const manifest = await readText(output, names.manifest);
    if (manifest === null)
      throw new Error(`${names.manifest} is gone from ${output.url}: the plan of ${id} is lost.`);
    const summary = await readText(output, names.summary);
    return {
      images: joinOutcomes(id, parseManifest(manifest).images, await readResults(output, run.job, id)),
      summary: summary === null ? null : parseSummary(JSON.parse(summary), names.summary),
    };
  });
  const images = shards.flatMap((shard) => shard.images);
  // Tasks that ended with their run are no failures of their own.
  const failed = tasks.filter(
    ({ failure }) => failure !== null && (endedEarly === null || failure.code !== "TaskEnded"),
  );
  const didAll = isLogsAlone(images);
  const broken = failed.filter((task) => !didAll(task));
  const words = await mapWithLimit(broken, readsAtOnce, (task) => taskWords(run, task, output));
  const counted = outcomeOf(images, tasks);
  const verdict = verdictOf(end, counted.images, limitsOf(run), broken.length);
  return {
    run,
    images,
    outcome: { ...counted, verdict },
    problems: endedEarly === null ? words : [`The run was ended early: ${endedEarly}.`, ...words],
    lostLogs: failed
      .filter(didAll)
      .map(
        ({ id, failure }) =>
          `The logs of task ${id} could not be stored (${failure?.code ?? ""}); its results are complete.`,
      ),
    summaries: shards.flatMap(({ summary }) => (summary === null ? [] : [summary])),
  };
}

/**
 * Pure: whether a task failed for its logs alone. They go up when its command has ended, and Batch neither tries that again nor lets such a task
 * succeed (Batch REST: OutputFile; TaskFailureInformationCodes).
 */
export function isLogsAlone(images: readonly PlannedImage[]): (task: TaskView) => boolean {
  const left = new Set(images.flatMap((image) => (image.kind === "not-run" ? [image.task] : [])));
  return ({ id, exitCode, failure }) =>
    exitCode === 0 && failure?.code.startsWith("FileUpload") === true && !left.has(id);
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

/** Pure: the run in numbers. */
export function outcomeOf(images: readonly PlannedImage[], tasks: readonly TaskView[]): Outcome {
  const counted = { done: 0, failed: 0, "not-run": 0 };
  const byClass: Record<string, number> = {};
  const byFailure: Record<string, number> = {};
  for (const image of images) {
    counted[image.kind] += 1;
    if (image.kind === "done")
      for (const { name } of image.line.detections) byClass[name] = (byClass[name] ?? 0) + 1;
    if (image.kind === "failed")
      byFailure[image.line.error.code] = (byFailure[image.line.error.code] ?? 0) + 1;
  }
  const starts = tasks.flatMap((task) => (task.startedAt === null ? [] : [task.startedAt.getTime()]));
  const ends = tasks.flatMap((task) => (task.endedAt === null ? [] : [task.endedAt.getTime()]));
  const ranFor = (Math.max(...ends) - Math.min(...starts)) / 1000;
  const seconds = Number.isFinite(ranFor) && ranFor > 0 ? round(ranFor) : null;
  const tried = counted.done + counted.failed;
  return {
    images: {
      planned: images.length,
      done: counted.done,
      failed: counted.failed,
      notRun: counted["not-run"],
    },
    detections: Object.values(byClass).reduce((sum, count) => sum + count, 0),
    byClass: sortedByCount(byClass),
    byFailure: sortedByCount(byFailure),
    seconds,
    imagesPerSecond: seconds === null ? null : round(tried / seconds),
    nodes: tasks.length === 0 ? null : new Set(tasks.flatMap((task) => task.nodeId ?? [])).size,
  };
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

/** The most frequent first, then by name. */
function sortedByCount(counts: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
