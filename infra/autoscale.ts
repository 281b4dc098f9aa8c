/** The autoscale formula of a pool: written from typed settings, and those read back from it. */

export interface AutoscaleSettings {
  /** Dedicated nodes that are there whatever there is to do: the dedicated floor. */
  readonly minNodes: number;
  /** Nodes at the most, dedicated and Spot together. */
  readonly maxNodes: number;
  /** 0–1: how many of the nodes above `minNodes` are Spot. */
  readonly spotShare: number;
}

/** Batch REST: 5 minutes is the shortest interval between two evaluations. */
export const autoscaleInterval = "PT5M";

/** Spot nodes at the most. */
export function mostSpotNodes({ minNodes, maxNodes, spotShare }: AutoscaleSettings): number {
  return Math.floor((maxNodes - minNodes) * spotShare);
}

/**
 * Enough nodes for the tasks that wait or run, between the two bounds. The service counts tasks, not nodes, hence the division by
 * the slots. Where fewer than 70 % of the samples are there (a young pool, a hiccup) the newest one decides, so that a gap does not
 * send nodes away; a pool that was just made has none, hence the 0. A node that goes finishes its tasks first. Both targets are
 * always set: one that is not keeps its value, and a pool that no longer wants Spot nodes would keep those it has.
 */
export function autoscaleFormula(settings: AutoscaleSettings): string {
  const { minNodes, maxNodes, spotShare } = settings;
  return [
    `minNodes = ${minNodes};`,
    `maxNodes = ${maxNodes};`,
    `spotShare = ${spotShare};`,
    "slots = $TaskSlotsPerNode;",
    "window = 180 * TimeInterval_Second;",
    "newest = max(0, $PendingTasks.GetSample(1));",
    "sampled = $PendingTasks.GetSamplePercent(window);",
    "pending = sampled < 70 ? newest : max(newest, avg($PendingTasks.GetSample(window)));",
    "wanted = max(minNodes, min(maxNodes, (pending + slots - 1) / slots));",
    ...targets(settings),
    "$NodeDeallocationOption = taskcompletion;",
  ].join("\n");
}

/** The service drops a target's fraction; two targets would lose one each, so that a split needs whole numbers. */
function targets(settings: AutoscaleSettings): string[] {
  const mostSpot = mostSpotNodes(settings);
  if (mostSpot === 0) return ["$TargetDedicatedNodes = wanted;", "$TargetLowPriorityNodes = 0;"];
  return [
    ...whole("nodes", "wanted", settings.maxNodes),
    "shared = (nodes - minNodes) * spotShare;",
    ...whole("spot", "shared", mostSpot),
    "$TargetDedicatedNodes = max(minNodes, nodes - spot);",
    // The name of Spot nodes in Batch.
    "$TargetLowPriorityNodes = spot;",
  ];
}

/** Statements that drop a value's fraction; the language has no function for it. `value` is 0 to `most`. */
function whole(name: string, value: string, most: number): string[] {
  const powers = [64, 32, 16, 8, 4, 2, 1].filter((power) => power <= most);
  return [
    `${name} = 0;`,
    ...powers.map((power) => `${name} = ${name} + (${value} - ${name} >= ${power} ? ${power} : 0);`),
  ];
}

/** Undefined for a formula that is not ours; those of earlier versions have no Spot nodes. */
export function autoscaleSettingsOf(formula: string): AutoscaleSettings | undefined {
  const [minNodes, maxNodes] = [numberIn(formula, "minNodes"), numberIn(formula, "maxNodes")];
  if (minNodes === undefined || maxNodes === undefined) return undefined;
  return { minNodes, maxNodes, spotShare: numberIn(formula, "spotShare") ?? 0 };
}

/** `minNodes = 2;` on a line of its own. */
function numberIn(formula: string, name: string): number | undefined {
  const found = new RegExp(String.raw`^\s*${name}\s*=\s*(\d+(?:\.\d+)?)\s*;`, "m").exec(formula)?.[1];
  return found === undefined ? undefined : Number(found);
}
