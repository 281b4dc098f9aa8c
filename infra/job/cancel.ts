/** Cancelling runs: their jobs are terminated; what they have done so far stays. */
import type { Batch } from "./batch";
import { isEnding, type JobView } from "./batchViews";
import { listRuns } from "./openRun";

export type Which =
  { readonly kind: "all" } | { readonly kind: "newest" } | { readonly kind: "one"; readonly jobId: string };

/** Ids of the jobs that were alive and are now ending. A job that has ended already is none of them, and no error. */
export async function cancel(batch: Batch, which: Which): Promise<string[]> {
  const alive = (await candidates(batch, which)).filter((job) => !isEnding(job));
  for (const job of alive) await batch.terminateJob(job.id, "Cancelled by the operator");
  return alive.map((job) => job.id);
}

async function candidates(batch: Batch, which: Which): Promise<JobView[]> {
  if (which.kind !== "one") {
    const runs = await listRuns(batch);
    return which.kind === "all" ? runs : runs.filter((job) => !isEnding(job)).slice(0, 1);
  }
  const job = await batch.getJob(which.jobId);
  if (job === null) throw new Error(`Batch knows no job ${which.jobId}.`);
  return [job];
}
