/** How many nodes a pool is meant to have, from its declared scale; pure. */
import { autoscaleSettingsOf, mostSpotNodes } from "../autoscale";
import { valueAt, type Inputs } from "./values";

export interface NodeRange {
  /** Nodes that stand without work. */
  readonly idle: number;
  /** Nodes at the most. */
  readonly ceiling: number;
}

/** Undefined where the pool does not say, or says it in a formula that is not ours. Of a fixed scale, the dedicated nodes. */
export function nodesOf(pool: Inputs): NodeRange | undefined {
  const formula = formulaOf(pool);
  if (formula !== undefined) {
    const settings = autoscaleSettingsOf(formula);
    return settings && { idle: settings.minNodes, ceiling: settings.maxNodes };
  }
  const fixed = valueAt(pool, "scaleSettings.fixedScale");
  if (typeof fixed !== "object") return undefined;
  const nodes = valueAt(fixed, "targetDedicatedNodes") ?? 0;
  return typeof nodes === "number" ? { idle: nodes, ceiling: nodes } : undefined;
}

/** Spot nodes at the most; their price floats. */
export function spotNodesOf(pool: Inputs): number {
  const settings = autoscaleSettingsOf(formulaOf(pool) ?? "");
  if (settings) return mostSpotNodes(settings);
  const nodes = valueAt(pool, "scaleSettings.fixedScale.targetLowPriorityNodes");
  return typeof nodes === "number" ? nodes : 0;
}

/**
 * Whether a node may have to leave while its task runs. Batch REST, ComputeNodeDeallocationOption: such a task runs again elsewhere
 * (requeue, the default), unless the node is to finish it first (taskcompletion).
 */
export function mayTakeBusyNodes(before: Inputs, after: Inputs): boolean {
  const formula = formulaOf(after);
  if (formula !== undefined) return !/\$NodeDeallocationOption\s*=\s*taskcompletion\s*;/i.test(formula);
  const option = valueAt(after, "scaleSettings.fixedScale.nodeDeallocationOption");
  if (typeof option === "string" && option.toLowerCase() === "taskcompletion") return false;
  const [then, now] = [nodesOf(before), nodesOf(after)];
  return (
    then === undefined ||
    now === undefined ||
    now.ceiling < then.ceiling ||
    spotNodesOf(after) < spotNodesOf(before)
  );
}

function formulaOf(pool: Inputs): string | undefined {
  const formula = valueAt(pool, "scaleSettings.autoScale.formula");
  return typeof formula === "string" ? formula : undefined;
}
