/** Nodes and their price, before and after; pure. Batch itself is free; disks, traffic and storage are not counted. */
import { hourlyPrice, type PriceTable } from "../prices/prices";
import { nodesOf, spotNodesOf, type NodeRange } from "./nodes";
import type { Preview, State, Step } from "./preview";
import { isUnknown } from "./values";

/** The pools of one side; `unseen`: the preview does not show them, for nothing of them changes. */
export type Side =
  | { readonly kind: "unseen" }
  | { readonly kind: "seen"; readonly nodes: NodeRange | null; readonly cost: Cost | null };

export interface Cost {
  /** Nodes that stand without work, 24 hours. */
  readonly idlePerDay: number;
  readonly ceilingPerHour: number;
}

export interface Estimate {
  readonly currency: string;
  /** The day of the prices. */
  readonly pricesAsOf: string;
  readonly before: Side;
  readonly after: Side;
  /** What could not be counted, in words. */
  readonly gaps: readonly string[];
}

const poolType = "azure-native:batch:Pool";
const accountType = "azure-native:batch:BatchAccount";

export function estimate(preview: Preview, prices: PriceTable): Estimate {
  const pools = preview.steps.filter(({ type }) => type === poolType);
  const before = countOf(pools, "before", regionOf(preview, "before"), prices);
  const after = countOf(pools, "after", regionOf(preview, "after"), prices);
  const side = ({ nodes, cost }: Count): Side =>
    pools.length === 0 ? { kind: "unseen" } : { kind: "seen", nodes, cost };
  return {
    currency: prices.currency,
    pricesAsOf: prices.asOf,
    before: side(before),
    after: side(after),
    gaps: [...new Set([...before.gaps, ...after.gaps])],
  };
}

/** Nodes are in their account's region; where the preview does not show the account, nothing of it changes, and the setting tells. */
function regionOf({ steps, config }: Preview, side: "before" | "after"): string | undefined {
  const account = steps.find((step) => step.type === accountType && step[side] !== undefined);
  const region = account?.[side]?.inputs.location ?? config["azure-native:location"];
  return typeof region === "string" && !isUnknown(region) ? region : undefined;
}

/** What is known of pools: null where something of them is not. */
interface Count {
  readonly nodes: NodeRange | null;
  readonly cost: Cost | null;
  readonly gaps: readonly string[];
}

const none: Count = {
  nodes: { idle: 0, ceiling: 0 },
  cost: { idlePerDay: 0, ceilingPerHour: 0 },
  gaps: [],
};

function countOf(
  pools: readonly Step[],
  side: "before" | "after",
  region: string | undefined,
  prices: PriceTable,
): Count {
  return pools.reduce((sum, { name, [side]: state }) => {
    const one = state === undefined ? none : countPool(name, state, region, prices);
    return {
      nodes: sum.nodes && one.nodes && addedNodes(sum.nodes, one.nodes),
      cost: sum.cost && one.cost && addedCost(sum.cost, one.cost),
      gaps: [...sum.gaps, ...one.gaps],
    };
  }, none);
}

function countPool(name: string, { inputs }: State, region: string | undefined, prices: PriceTable): Count {
  const uncounted = (nodes: NodeRange | null, gap: string): Count => ({ nodes, cost: null, gaps: [gap] });
  const nodes = nodesOf(inputs);
  if (nodes === undefined)
    return uncounted(null, `the nodes of ${name}, whose scale is not declared as this program does it`);
  const spot = spotNodesOf(inputs);
  if (spot > 0) return uncounted(nodes, `${spot} Spot nodes of ${name}, whose price floats`);
  const { vmSize } = inputs;
  if (typeof vmSize !== "string" || isUnknown(vmSize) || region === undefined)
    return uncounted(nodes, `the nodes of ${name}, whose size or region is not known yet`);
  const price = hourlyPrice(prices, region, vmSize);
  if (price === undefined)
    return uncounted(nodes, `${vmSize} in ${region}, which the table of prices does not have`);
  return {
    nodes,
    cost: { idlePerDay: nodes.idle * price * 24, ceilingPerHour: nodes.ceiling * price },
    gaps: [],
  };
}

function addedNodes(a: NodeRange, b: NodeRange): NodeRange {
  return { idle: a.idle + b.idle, ceiling: a.ceiling + b.ceiling };
}

function addedCost(a: Cost, b: Cost): Cost {
  return {
    idlePerDay: a.idlePerDay + b.idlePerDay,
    ceilingPerHour: a.ceilingPerHour + b.ceilingPerHour,
  };
}
