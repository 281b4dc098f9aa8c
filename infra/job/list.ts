/** The runs of a stack: those whose plan is in the output container, with their verdicts. Batch may have forgotten their jobs. */
import type { ContainerClient } from "@azure/storage-blob";
import { isFailed } from "../../worker/contract/result";
import { parseSummary } from "../../worker/contract/summary";
import type { Batch } from "./batch";
import type { JobView } from "./batchViews";
import { readText } from "./blobs";
import { brokenTasks } from "./collect";
import { columns } from "./columns";
import { limitsOf } from "./limits";
import { mapWithLimit } from "./mapWithLimit";
import { duration } from "./progress";
import { allRuns, blobNames, type Outcome, type Run } from "./run";
import { readResults } from "./taskResults";
import { secondsOf, timesOf } from "./taskTimes";
import { endOf, verdictOf, verdictWord, type ImageCounts, type Verdict } from "./verdict";

export interface ListedRun {
  readonly job: string;
  readonly submittedAt: string;
  readonly lineage: string;
  readonly poolId: string;
  readonly images: ImageCounts;
  readonly verdict: Verdict;
  /** From the first task's start to the last one's end so far; null where nobody remembers. */
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
    listed.push(await listedRun(run, jobs.get(run.job) ?? null, output, batch));
  return listed;
}

async function listedRun(
  run: Run,
  job: JobView | null,
  output: ContainerClient,
  batch: Batch,
): Promise<ListedRun> {
  // A report that was made while the run went on is out of date.
  const reported = run.outcome?.verdict?.kind === "running" ? undefined : run.outcome;
  const { images, verdict, seconds } =
    reported?.verdict === undefined
      ? await countedRun(run, job, output, batch)
      : { images: reported.images, verdict: reported.verdict, seconds: reported.seconds };
  return {
    ...{ job: run.job, submittedAt: run.submittedAt, lineage: run.lineage, poolId: run.poolId },
    ...{ images, verdict, seconds },
    state: job?.state ?? null,
    outcome: reported === undefined ? null : { ...reported, tasks: undefined },
  };
}

async function countedRun(
  run: Run,
  job: JobView | null,
  output: ContainerClient,
  batch: Batch,
): Promise<Pick<ListedRun, "images" | "verdict" | "seconds">> {
  const { images, unfinished } = await countImages(run, output);
  const tasks = job === null ? [] : await batch.listTasks(run.job);
  const end = endOf(job);
  const verdict = verdictOf(end, images, limitsOf(run), brokenTasks(tasks, end, unfinished).length);
  return { images, verdict, seconds: secondsOf(timesOf(tasks)) };
}

/** Of tasks that came to their end their summaries; of the others what results they left. */
async function countImages(
  run: Run,
  output: ContainerClient,
): Promise<{ readonly images: ImageCounts; readonly unfinished: ReadonlySet<string> }> {
  const unfinished = new Set<string>();
  const each = await mapWithLimit(run.tasks, readsAtOnce, async ({ id, images }) => {
    const { done, failed } = await countTask(run.job, id, output);
    if (done + failed < images) unfinished.add(id);
    return { done, failed };
  });
  const [done, failed] = [sumOf(each.map((task) => task.done)), sumOf(each.map((task) => task.failed))];
  return { images: { planned: run.images, done, failed, notRun: run.images - done - failed }, unfinished };
}

async function countTask(
  job: string,
  task: string,
  output: ContainerClient,
): Promise<Pick<ImageCounts, "done" | "failed">> {
  const { summary } = blobNames(job, task);
  const text = await readText(output, summary);
  if (text !== null) return parseSummary(JSON.parse(text), summary);
  // A node that was taken away may have gone on for a while: the parts of two tries can hold one image twice.
  const byName = new Map((await readResults(output, job, task)).map((line) => [line.image.name, line]));
  const failed = [...byName.values()].filter(isFailed).length;
  return { done: byName.size - failed, failed };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
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
  return columns([heads, ...rows], (column) => numberColumns.has(column)).join("\n");
}
