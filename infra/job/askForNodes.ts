/**
 * Nodes for tasks that were just added to a pool that scales: nothing but the end of its interval makes such a pool look at its tasks
 * (Azure Batch), unless it is enabled again with the same formula, which evaluates it at once. That helps only when Batch has counted the
 * tasks: it samples every 30 s, and a formula sees a sample about a minute later. So a pool without nodes is watched, by evaluations
 * without consequences, until its formula wants some; any other one grows at its next interval at the latest.
 */
import type { Batch } from "./batch";
import { BatchError } from "./batchError";
import { realPace, type Pace } from "./pace";

/** A period of samples and the minute until they are seen, with as much again for a bad day. */
const patienceMs = 3 * 60_000;
const firstPauseMs = 500;
const longestPauseMs = 5_000;
/** What takes longer than this is worth a line. */
const quietMs = 2_000;

/** The service answered, and its answer is what is wrong with the formula. */
const answered = 200;

/** `note` hears what a person waits for, and what became of it. The tasks run in any case: nothing here fails a submit. */
export async function askForNodes(
  poolId: string,
  batch: Batch,
  note: (line: string) => void,
  pace: Pace = realPace,
): Promise<void> {
  try {
    await untilAsked(poolId, batch, note, pace);
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    const cure =
      error.status === answered
        ? "Deploy the stack, which sets the formula again: pulumi up"
        : "Its nodes come without that, within 5 minutes.";
    note(`${error.message}. ${cure}`);
  }
}

async function untilAsked(
  poolId: string,
  batch: Batch,
  note: (line: string) => void,
  pace: Pace,
): Promise<void> {
  const startMs = pace.nowMs();
  let said = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const pool = await batch.getPool(poolId);
    if (pool?.autoscale?.formula == null) return;
    const wanted = await batch.evaluateAutoscale(poolId, pool.autoscale.formula);
    if (wanted > pool.targetNodes && (await batch.enableAutoscale(pool))) {
      note(`Pool ${poolId} is to have ${wanted} ${wanted === 1 ? "node" : "nodes"}.`);
      return;
    }
    if (pool.targetNodes > 0) return;
    const waitedMs = pace.nowMs() - startMs;
    if (waitedMs > patienceMs) {
      note(`Batch has not counted the tasks yet; pool ${poolId} looks again by itself, every 5 minutes.`);
      return;
    }
    if (waitedMs > quietMs && !said) {
      said = true;
      note(`Pool ${poolId} has no nodes yet: waiting for Batch to count the tasks, a minute or two …`);
    }
    await pace.sleep(pauseMs);
  }
}
