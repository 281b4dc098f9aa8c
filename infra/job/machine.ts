/** What the nodes of a run are, for their price. */
import type { Batch } from "./batch";
import type { PoolView } from "./batchViews";
import type { Machine, Run } from "./run";

/** As its pool is now; where that is gone, as an earlier report found it; undefined where nobody knows. `location`: the stack's. */
export async function machineOf(
  run: Run,
  batch: Batch,
  location: string | undefined,
): Promise<Machine | undefined> {
  const known = run.outcome?.machine;
  // A pool's size cannot change; its region may have been unknown to an earlier version of the stack.
  if (known !== undefined && known.location !== null) return known;
  const vmSize = known?.vmSize ?? (await poolOf(run, batch))?.vmSize;
  return vmSize === undefined ? undefined : { vmSize, location: location ?? null };
}

/** A run that was alive when its pool was replaced moved to the new one. */
async function poolOf(run: Run, batch: Batch): Promise<PoolView | null> {
  const job = await batch.getJob(run.job);
  return batch.getPool(job?.poolId ?? run.poolId);
}
