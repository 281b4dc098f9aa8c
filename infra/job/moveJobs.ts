/**
 * Moving live jobs to the stack's pool: a pool whose VM size, image or slots are edited is replaced, and the old one goes when the new one is there.
 * Batch changes a job's pool only while the job is disabled (Batch REST: Job_Update), so: disable, wait, set the pool, enable. Each step starts from
 * the job as it is read, so a move that was killed, or is made by two at once, is finished by whoever looks next.
 */
import type { Batch } from "./batch";
import { isEnding, type JobView } from "./batchViews";
import { mapWithLimit } from "./mapWithLimit";
import { lookAtNodes } from "./nodes";
import { runJobs } from "./openRun";
import { realPace, type Pace } from "./pace";

/** What brings a job nearer to running on the pool. */
export type Step =
  /** It runs there, or has ended. */
  | { readonly kind: "none" }
  | { readonly kind: "disable" }
  | { readonly kind: "set-pool" }
  | { readonly kind: "enable" }
  /** Batch is at it. */
  | { readonly kind: "wait" };

/** Pure. A job that is disabled though it is on its pool was, as far as anybody can tell, left so by a move that was killed. */
export function nextStep(job: JobView, poolId: string): Step {
  const isThere = job.poolId.toLowerCase() === poolId.toLowerCase();
  if (isEnding(job)) return { kind: "none" };
  switch (job.state) {
    case "disabling":
      return { kind: "wait" };
    case "disabled":
      return { kind: isThere ? "enable" : "set-pool" };
    case "enabling":
      return { kind: isThere ? "none" : "wait" };
    default:
      return { kind: isThere ? "none" : "disable" };
  }
}

const movesAtOnce = 8;
/** Disabling kills tasks and waits for their last uploads; Batch does that in seconds to minutes. */
const deadlineMs = 10 * 60_000;
const pollMs = 1_000;

/** Moves every live run, of whatever lineage. Resolves with the ids of the jobs whose pool it changed; `note` hears a line for each. */
export async function moveJobs(
  poolId: string,
  batch: Batch,
  note: (line: string) => void,
  pace: Pace = realPace,
): Promise<string[]> {
  const due = (await runJobs(batch)).filter((job) => nextStep(job, poolId).kind !== "none");
  if (due.length === 0) return [];
  // A pool that cannot run them is no place to move to: the jobs stay where they run, and the old pool stays with them.
  await lookAtNodes(poolId, batch, note);
  const moved = await mapWithLimit(due, movesAtOnce, async (job) =>
    (await moveJob(job, poolId, batch, note, pace)) ? [job.id] : [],
  );
  return moved.flat();
}

/** True when this call has changed the job's pool. */
async function moveJob(
  found: JobView,
  poolId: string,
  batch: Batch,
  note: (line: string) => void,
  pace: Pace,
): Promise<boolean> {
  const startMs = pace.nowMs();
  let moved = false;
  noteStart(found, poolId, note);
  for (let job: JobView | null = found; job !== null; job = await batch.getJob(found.id)) {
    const { kind } = nextStep(job, poolId);
    if (kind === "none") break;
    if (pace.nowMs() - startMs > deadlineMs) throw new Error(stuck(job, poolId));
    // Refused: the job is not as it was read, because of another submit perhaps. Then it is read again.
    const done = await take(kind, job, poolId, batch);
    if (kind === "set-pool" && done) moved = true;
    if (kind === "wait" || !done) await pace.sleep(pollMs);
  }
  return moved;
}

function take(
  kind: Exclude<Step["kind"], "none">,
  job: JobView,
  poolId: string,
  batch: Batch,
): Promise<boolean> {
  switch (kind) {
    case "disable":
      return batch.disableJob(job);
    case "set-pool":
      return batch.setPoolOfJob(job, poolId);
    case "enable":
      return batch.enableJob(job);
    case "wait":
      return Promise.resolve(true);
  }
}

function noteStart(job: JobView, poolId: string, note: (line: string) => void): void {
  if (job.poolId.toLowerCase() !== poolId.toLowerCase())
    note(
      `Job ${job.id} moves from pool ${job.poolId} to ${poolId}; its running tasks start again there and keep what they have done.`,
    );
  else note(`Job ${job.id} is ${job.state}, as a move that was interrupted leaves it; it is enabled again.`);
}

function stuck(job: JobView, poolId: string): string {
  return (
    `Waited ${deadlineMs / 60_000} minutes for job ${job.id} to move from pool ${job.poolId} to ${poolId}; it is ${job.state}. ` +
    "Submit again to go on with it, or cancel it: npm run job -- cancel --job " +
    `${job.id} --stack NAME`
  );
}
