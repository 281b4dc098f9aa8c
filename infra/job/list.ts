/** The runs of a stack: those whose plan is in the output container, with their verdicts. Batch may have forgotten their jobs. */
import type { ContainerClient } from "@azure/storage-blob";
import { isFailed } from "../../worker/contract/result";
import { parseSummary } from "../../worker/contract/summary";
import type { Batch } from "./batch";
import type { JobView } from "./batchViews";
import { readText } from "./blobs";
import { limitsOf } from "./limits";
import { mapWithLimit } from "./mapWithLimit";
import { duration } from "./progress";
import { allRuns, blobNames, type Outcome, type Run } from "./run";
import { readResults } from "./taskResults";
import { endOf, verdictOf, verdictWord, type ImageCounts, type Verdict } from "./verdict";

export interface ListedRun {
  readonly job: string;
  readonly submittedAt: string;
  readonly lineage: string;
  readonly poolId: string;
  readonly images: ImageCounts;
  readonly verdict: Verdict;
  /** From submission to the end, or to now; null where nobody remembers the end. */
  readonly seconds: number | null;
  /** Of its Batch job; null when Batch no longer has it. */
  readonly state: string | null;
  /** As the last report found it, but for its tasks, which may be many; null before the first report. */
  readonly outcome: Outcome | null;
}

const readsAtOnce = 8;

/** The newest first. A run that was never reported on is counted from what its tasks wrote. */
export async function listedRuns(output: ContainerClient, batch: Batch): Promise<ListedRun[]> {
  const jobs = new Map((await batch.listJobs()).map((job) => [job.id, job]));
  const listed: ListedRun[] = [];
  for (const run of await allRuns(output))
    listed.push(await listedRun(run, jobs.get(run.job) ?? null, output));
  return listed.sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1));
}

async function listedRun(run: Run, job: JobView | null, output: ContainerClient): Promise<ListedRun> {
  const end = endOf(job);
  // A report that was made while the run went on is out of date.
  const reported = run.outcome?.verdict?.kind === "running" ? undefined : run.outcome;
  const images = reported?.images ?? (await countImages(run, output));
  return {
    job: run.job,
    submittedAt: run.submittedAt,
    lineage: run.lineage,
    poolId: run.poolId,
    images,
    verdict: reported?.verdict ?? verdictOf(end, images, limitsOf(run), 0),
    seconds: secondsOf(run, job, Date.now()) ?? reported?.seconds ?? null,
    state: job?.state ?? null,
    outcome: run.outcome === undefined ? null : { ...run.outcome, tasks: undefined },
  };
}

/** Of tasks that came to their end their summaries; of the others what results they left. */
async function countImages(run: Run, output: ContainerClient): Promise<ImageCounts> {
  const counted = await mapWithLimit(run.tasks, readsAtOnce, async ({ id }) => {
    const { summary } = blobNames(run.job, id);
    const text = await readText(output, summary);
    if (text !== null) return parseSummary(JSON.parse(text), summary);
    const lines = await readResults(output, run.job, id);
    const failed = lines.filter(isFailed).length;
    return { done: lines.length - failed, failed };
  });
  const done = counted.reduce((sum, task) => sum + task.done, 0);
  const failed = counted.reduce((sum, task) => sum + task.failed, 0);
  return { planned: run.images, done, failed, notRun: run.images - done - failed };
}

function secondsOf(run: Run, job: JobView | null, nowMs: number): number | null {
  if (job === null) return null;
  const endMs = endOf(job).kind === "running" ? nowMs : job.endedAt?.getTime();
  return endMs === undefined ? null : Math.max(0, (endMs - Date.parse(run.submittedAt)) / 1000);
}

const numberColumns = new Set([3, 4, 5, 6, 7]);

/** Pure: a line a run, in columns. */
export function runTable(runs: readonly ListedRun[]): string {
  if (runs.length === 0) return "There is no run yet. Submit one: npm run job -- submit --stack NAME";
  const rows = runs.map(({ job, submittedAt, lineage, images, seconds, verdict, state }) => [
    job,
    submittedAt.slice(0, 16).replace("T", " "),
    lineage.slice(0, 8),
    ...[images.planned, images.done, images.failed, images.notRun].map(String),
    seconds === null ? "-" : duration(seconds),
    // Batch's word for a job that goes on says more: it may be disabled.
    verdict.kind === "running" ? (state ?? "running") : verdictWord(verdict),
  ]);
  const heads = [
    "run",
    "submitted (UTC)",
    "lineage",
    "images",
    "done",
    "failed",
    "not run",
    "took",
    "verdict",
  ];
  const widths = heads.map((_, column) => Math.max(...[heads, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (numberColumns.has(at) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join("  ")
      .trimEnd();
  return [heads, ...rows].map(line).join("\n");
}
