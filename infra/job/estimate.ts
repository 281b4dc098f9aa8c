/** What a run over what is new would take: nodes, time and money; pure. */
import type { PriceTable } from "../prices/prices";
import { hourlyPrice } from "../prices/prices";
import type { Outcome } from "./run";
import { shardCount, type Totals } from "./shards";

/** Azure: 3–8 minutes from the wish for a node to its start task, which takes less than one. */
export const startMinutes = 6;
/** Until a pool lets a node go: the samples of three minutes, and at most an interval of five. */
export const leaveMinutes = 8;
/**
 * Images a second and vCPU, where no run has been measured: 18 on two cores, pictures of 640×480, annotated, yolov8n (worker/README.md). A vCPU
 * may be half a core, and other models and pictures differ by more than that.
 */
export const statedRate = 9;

export type Rate = {
  /** Of one node in each second. */
  readonly imagesPerSecondAndNode: number;
} & (
  | { readonly kind: "runs"; readonly runs: number; readonly images: number }
  | { readonly kind: "given" }
  | { readonly kind: "stated" }
);

export interface Row {
  readonly nodes: number;
  /** The pool never has so many. */
  readonly isBeyond: boolean;
  /** From the submit to the last image. */
  readonly minutes: number;
  /** That are billed: with the nodes' start, and until they go. */
  readonly nodeHours: number;
  readonly cost: number | null;
}

export interface RunEstimate {
  readonly images: number;
  readonly bytes: number;
  readonly shards: number;
  readonly vmSize: string;
  readonly rate: Rate;
  readonly rows: readonly Row[];
  readonly currency: string;
  /** The day of the prices. */
  readonly pricesAsOf: string;
  /** What could not be priced, in words; null where nothing is missing. */
  readonly gap: string | null;
  readonly assumptions: readonly string[];
}

/** What the estimate needs to know of the pool. */
export interface PoolFacts {
  readonly vmSize: string;
  readonly slotsPerNode: number;
  /** For which a submit would cut the images now. */
  readonly nodesNow: number;
  readonly maxNodes: number;
  readonly spotNodes: number;
  readonly scales: boolean;
}

export function estimateRun(
  todo: Totals,
  pool: PoolFacts,
  rate: Rate,
  region: string | undefined,
  prices: PriceTable,
): RunEstimate {
  const price = region === undefined ? undefined : hourlyPrice(prices, region, pool.vmSize);
  const shards = shardCount(todo, Math.max(1, pool.nodesNow) * pool.slotsPerNode);
  return {
    ...todo,
    shards,
    vmSize: pool.vmSize,
    rate,
    rows: nodeCounts(pool.maxNodes).map((nodes) => rowOf(nodes, todo, shards, pool, rate, price)),
    currency: prices.currency,
    pricesAsOf: prices.asOf,
    gap: price === undefined ? gapOf(pool.vmSize, region) : null,
    assumptions: assumptionsOf(pool),
  };
}

/** 1, 2, 4 … and what the pool may have, then twice and four times that, to show what more would bring. */
function nodeCounts(maxNodes: number): number[] {
  const most = Math.max(1, maxNodes);
  const counts: number[] = [];
  for (let nodes = 1; nodes < most; nodes *= 2) counts.push(nodes);
  return [...counts, most, 2 * most, 4 * most];
}

/** Shards are of about equal work, a slot does one after the other, and a node's slots share its speed. */
function rowOf(
  nodes: number,
  { images }: Totals,
  shards: number,
  pool: PoolFacts,
  { imagesPerSecondAndNode }: Rate,
  price: number | undefined,
): Row {
  const isBeyond = nodes > pool.maxNodes;
  if (images === 0)
    return { nodes, isBeyond, minutes: 0, nodeHours: 0, cost: price === undefined ? null : 0 };
  const rounds = Math.ceil(shards / (nodes * pool.slotsPerNode));
  const shardMinutes = images / shards / (imagesPerSecondAndNode / pool.slotsPerNode) / 60;
  const minutes = startMinutes + rounds * shardMinutes;
  // More nodes than shards have nothing to do, and a pool that scales does not ask for them.
  const used = pool.scales ? Math.min(nodes, Math.ceil(shards / pool.slotsPerNode)) : nodes;
  const nodeHours = (used * (minutes + leaveMinutes)) / 60;
  return { nodes, isBeyond, minutes, nodeHours, cost: price === undefined ? null : nodeHours * price };
}

function gapOf(vmSize: string, region: string | undefined): string {
  return region === undefined
    ? "the stack's outputs name no region (run pulumi up with this version)"
    : `the table of prices does not have ${vmSize} in ${region}`;
}

function assumptionsOf({ scales, spotNodes, maxNodes }: PoolFacts): string[] {
  return [
    `a node takes ${startMinutes} minutes to start and stands ${leaveMinutes} more at the end; billed are both`,
    ...(scales ? [] : [`the pool is of fixed size: its ${maxNodes} nodes are billed without work, too`]),
    ...(spotNodes > 0
      ? [
          `up to ${spotNodes} of the nodes are Spot: their price floats, and is counted as that of dedicated ones`,
        ]
      : []),
    "list prices of Linux machines; disks, traffic and storage are not counted",
  ];
}

/** The speed of one node over the runs that were reported on: what they did by the node-seconds they took. Null: none was. */
export function measuredRate(outcomes: readonly Outcome[]): Rate | null {
  const measured = outcomes.flatMap(({ seconds, nodes, nodeSeconds, imagesPerSecond }) =>
    seconds && nodes && imagesPerSecond
      ? // Nodes that came one after another did not all run for so long; earlier versions did not keep it.
        [{ images: imagesPerSecond * seconds, nodeSeconds: nodeSeconds ?? seconds * nodes }]
      : [],
  );
  if (measured.length === 0) return null;
  const images = measured.reduce((sum, run) => sum + run.images, 0);
  const nodeSeconds = measured.reduce((sum, run) => sum + run.nodeSeconds, 0);
  return {
    kind: "runs",
    imagesPerSecondAndNode: images / nodeSeconds,
    runs: measured.length,
    images: Math.round(images),
  };
}
