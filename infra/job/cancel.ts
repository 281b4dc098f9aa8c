/** Cancelling runs: their jobs are terminated; what they have done so far stays. */
import type { Batch } from "./batch";
import { isUnreachable } from "./batchError";
import { isEnding, type JobView } from "./batchViews";
import { didYouMean } from "./didYouMean";
import { runJobs } from "./openRun";

export type Which =
  { readonly kind: "all" } | { readonly kind: "newest" } | { readonly kind: "one"; readonly jobId: string };

/** How long `cancel --all` believes that an account at whose address nobody is, is only away. */
export const goneAfterMs = 10_000;

/**
 * Cancels every run. An account that is gone has taken its jobs with it (Azure: "Deleting the account deletes jobs and tasks"), which the end of a
 * stack may find when it was begun before; an account that answers, whatever it answers, is not gone.
 */
export async function cancelAll(batch: Batch): Promise<{ cancelled: string[]; accountIsGone: boolean }> {
  try {
    return { cancelled: await cancel(batch, { kind: "all" }), accountIsGone: false };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return { cancelled: [], accountIsGone: true };
  }
}

/** Ids of the jobs that were alive and are now ending. A job that has ended already is none of them, and no error. */
export async function cancel(batch: Batch, which: Which): Promise<string[]> {
  const alive = (await candidates(batch, which)).filter((job) => !isEnding(job));
  for (const job of alive) await batch.terminateJob(job.id, "Cancelled by the operator");
  return alive.map((job) => job.id);
}

async function candidates(batch: Batch, which: Which): Promise<JobView[]> {
  if (which.kind !== "one") {
    const runs = await runJobs(batch);
    return which.kind === "all" ? runs : runs.filter((job) => !isEnding(job)).slice(0, 1);
  }
  const job = await batch.getJob(which.jobId);
  if (job === null) {
    const known = (await runJobs(batch)).map(({ id }) => id);
    throw new Error(`Batch knows no job ${which.jobId}.${didYouMean(which.jobId, known)}`);
  }
  return [job];
}

export function cancelledSentence(cancelled: readonly string[]): string {
  return cancelled.length === 0 ? "No run is alive." : `Cancelled ${cancelled.join(", ")}.`;
}

export function goneSentence(batchEndpoint: string): string {
  return `There is no Batch account at ${batchEndpoint} any more, and no job outlives its account.`;
}
