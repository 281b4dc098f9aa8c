/** Following a run: snapshots of pool, job and tasks until it ends, cannot go on, or a deadline passes. */
import type { Batch } from "./batch";
import type { JobView, NodeView, PoolView, PreparationView, TaskCounts } from "./batchViews";
import { lastLine } from "./lastLine";
import { limitsOf } from "./limits";
import { lookAtNodes, noReboots } from "./nodes";
import { realPace, type Pace } from "./pace";
import type { Rate } from "./rate";
import type { Run } from "./run";

export interface Snapshot {
  readonly atMs: number;
  readonly job: JobView;
  readonly pool: PoolView | null;
  readonly nodes: readonly NodeView[];
  readonly tasks: TaskCounts;
  /** Of the nodes that the job has come to; read only while no task runs. */
  readonly preparations: readonly PreparationView[];
}

/** After the job's own limit: the release tasks may take 5 minutes more. */
const hoursAfterLimit = 0.5;
/** Machines come within minutes. A start task has no time limit in Batch: one that hangs would be waited for for ever. */
const firstTaskDeadlineMs = 60 * 60_000;

/** One look at a run. Throws when there is no such job. */
export async function snapshot(run: Run, batch: Batch): Promise<Snapshot> {
  const job = await getJob(run, batch);
  const pool = await batch.getPool(job.poolId);
  const nodes = pool === null ? [] : await batch.listNodes(job.poolId);
  const tasks = await batch.countTasks(run.job);
  return { atMs: Date.now(), job, pool, nodes, tasks, preparations: await preparationsOf(run, tasks, batch) };
}

/**
 * Yields snapshots until the job has ended. Throws one sentence when the run cannot go on: no node will come, every start
 * task or every preparation task failed, or a deadline passed.
 */
export async function* follow(
  run: Run,
  batch: Batch,
  note: (line: string) => void,
  pace: Pace = realPace,
): AsyncGenerator<Snapshot> {
  const startMs = pace.nowMs();
  const { maxJobHours } = limitsOf(run);
  const reboots = noReboots();
  /** When there was hope last that a task would run: nodes at the tasks of other jobs take this one's when theirs are done. */
  let hopefulMs = startMs;
  let anyTaskRan = false;
  for (;;) {
    const atMs = pace.nowMs();
    const job = await getJob(run, batch);
    const tasks = await batch.countTasks(run.job);
    if (hasEnded(job)) {
      yield { atMs, job, pool: null, nodes: [], tasks, preparations: [] };
      return;
    }
    let look: Awaited<ReturnType<typeof lookAtNodes>>;
    try {
      look = await lookAtNodes(job.poolId, batch, note, reboots);
    } catch (error) {
      // Between two looks the job may have moved to another pool, and the one it was on is on its way out.
      if ((await getJob(run, batch)).poolId === job.poolId) throw error;
      continue;
    }
    const { pool, nodes } = look;
    const preparations = await preparationsOf(run, tasks, batch);
    yield { atMs, job, pool, nodes, tasks, preparations };

    anyTaskRan ||= tasks.running + tasks.succeeded + tasks.failed > 0;
    if (tasks.succeeded === 0) await stopWhenUnprepared(run, job.poolId, nodes, preparations, batch);
    const waitedMs = atMs - startMs;
    if (anyTaskRan || nodes.some(({ state }) => state === "running")) hopefulMs = atMs;
    if (atMs - hopefulMs > firstTaskDeadlineMs)
      throw new Error(
        `Waited an hour for a node to run the first task of job ${run.job}: ${nodeStates(nodes)}. ` +
          "Nodes that stay in waitingforstarttask have a start task that hangs.",
      );
    if (waitedMs > (maxJobHours + hoursAfterLimit) * 3_600_000)
      throw new Error(
        `Waited longer for job ${run.job} to end than it may take (maxJobHours: ${maxJobHours}); it is ${job.state}.`,
      );
    await pace.sleep(pollMs(waitedMs));
  }
}

/** One more call, which a run under way does without. */
function preparationsOf(run: Run, tasks: TaskCounts, batch: Batch): Promise<PreparationView[]> {
  return tasks.running > 0 || tasks.active === 0 ? Promise.resolve([]) : batch.listPreparations(run.job);
}

/** Often at first, because small runs are short; then as seldom as Batch asks for (intervals of 5–10 s or more). */
function pollMs(waitedMs: number): number {
  return waitedMs < 60_000 ? 1_000 : waitedMs < 600_000 ? 5_000 : 10_000;
}

export function hasEnded(job: JobView): boolean {
  return job.state === "completed" || job.state === "deleting";
}

async function getJob(run: Run, batch: Batch): Promise<JobView> {
  const job = await batch.getJob(run.job);
  if (job === null)
    throw new Error(`Batch knows no job ${run.job} any more; its results may still be there.`);
  return job;
}

/** Pure: the nodes on which the job could run, all of which failed to prepare; null while there is hope. */
export function unprepared(
  nodes: readonly NodeView[],
  preparations: readonly PreparationView[],
): PreparationView | null {
  const failed = new Map(preparations.filter((row) => row.failure !== null).map((row) => [row.nodeId, row]));
  const able = nodes.filter((node) => node.state !== "starttaskfailed" && node.state !== "unusable");
  return able.length > 0 && able.every((node) => failed.has(node.id)) ? failed.get(able[0]!.id)! : null;
}

/** What a job's preparation task wrote on a node. */
export function preparationFile(jobId: string): string {
  return `workitems/${jobId}/job-1/jobpreparation/stderr.txt`;
}

/** A job whose preparation failed on every node waits silently for ever (Batch: "Job preparation task", waitForSuccess). */
async function stopWhenUnprepared(
  run: Run,
  poolId: string,
  nodes: readonly NodeView[],
  preparations: readonly PreparationView[],
  batch: Batch,
): Promise<void> {
  const row = unprepared(nodes, preparations);
  if (row === null) return;
  const words =
    lastLine((await batch.readNodeFile(poolId, row.nodeId, preparationFile(run.job))) ?? "") ??
    row.failure?.message ??
    "";
  throw new Error(
    `Job ${run.job} cannot start: its preparation failed on every node; ${row.nodeId} says: ${words} ` +
      `Put that right, cancel the job (npm run job -- cancel --job ${run.job} --stack NAME) and submit again.`,
  );
}

/** "2 idle, 1 starting". */
export function nodeStates(nodes: readonly NodeView[]): string {
  const counts = new Map<string, number>();
  for (const { state } of nodes) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ") || "no nodes yet";
}

export function ended({ tasks }: Snapshot): number {
  return tasks.succeeded + tasks.failed;
}

/** One line: nodes by state, tasks done of total, images/s, time left. */
export function progressLine(run: Run, rate: Rate | null, last: Snapshot): string {
  const autoscaleError = last.pool?.autoscale?.error;
  const parts = [
    ...(hasEnded(last.job) ? [] : [`nodes: ${nodeStates(last.nodes)}`]),
    `tasks: ${ended(last)}/${run.tasks.length} done` +
      (last.tasks.running > 0 ? `, ${last.tasks.running} running` : "") +
      (last.tasks.failed > 0 ? `, ${last.tasks.failed} failed` : ""),
    ...(last.job.state === "active" ? [] : [jobState(last.job)]),
    ...(rate === null ? [] : [`${rate.imagesPerSecond.toFixed(1)} images/s`]),
    ...(rate === null || rate.secondsLeft <= 0 ? [] : [`about ${duration(rate.secondsLeft)} left`]),
    ...(autoscaleError ? [`autoscale error: ${autoscaleError}`] : []),
  ];
  return parts.join(" · ");
}

/** A disabled job waits for somebody; every other state passes. */
function jobState({ state }: JobView): string {
  return state === "disabled" ? "job disabled: the next submit enables it again" : `job ${state}`;
}

/** "45 s", "12 min", "3 h 20 min". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
