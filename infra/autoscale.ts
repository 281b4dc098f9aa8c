/** The autoscale formula of a pool, from typed settings. */

export interface AutoscaleSettings {
  readonly minNodes: number;
  readonly maxNodes: number;
}

/** Batch REST: 5 minutes is the shortest interval between two evaluations. */
export const autoscaleInterval = "PT5M";

/**
 * Enough nodes for the tasks that wait or run, between the two bounds. The service counts tasks, not nodes, hence the division by
 * the slots. Where fewer than 70 % of the samples are there (a young pool, a hiccup) the newest one decides, so that a gap does not
 * send nodes away; a pool that was just made has none, hence the 0. A node that goes finishes its tasks first.
 */
export function autoscaleFormula({ minNodes, maxNodes }: AutoscaleSettings): string {
  return [
    `minNodes = ${minNodes};`,
    `maxNodes = ${maxNodes};`,
    "slots = $TaskSlotsPerNode;",
    "window = 180 * TimeInterval_Second;",
    "newest = max(0, $PendingTasks.GetSample(1));",
    "sampled = $PendingTasks.GetSamplePercent(window);",
    "pending = sampled < 70 ? newest : max(newest, avg($PendingTasks.GetSample(window)));",
    "wanted = (pending + slots - 1) / slots;",
    "$TargetDedicatedNodes = max(minNodes, min(maxNodes, wanted));",
    "$NodeDeallocationOption = taskcompletion;",
  ].join("\n");
}
