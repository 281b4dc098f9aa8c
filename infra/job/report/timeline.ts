/** Nodes and tasks over time: which task ran where and when, as bars in lanes. Pure. */
import type { TaskTimes } from "../run";
import { byNode } from "../taskTimes";

export interface Bar {
  readonly task: string;
  /** Seconds after the first task's start. */
  readonly from: number;
  readonly to: number;
  /** `unended`: it ran when Batch was asked, and is drawn to the end. */
  readonly state: "succeeded" | "failed" | "unended";
  readonly retries: number;
}

export interface NodeLanes {
  readonly node: string;
  readonly tasks: number;
  /** Bars of a lane do not overlap: a node has as many as it ran tasks at once. */
  readonly lanes: readonly (readonly Bar[])[];
}

export interface Timeline {
  readonly seconds: number;
  readonly nodes: readonly NodeLanes[];
  /** Where the axis has a mark, in seconds. */
  readonly ticks: readonly number[];
}

/** Null where nothing is known of any task's time. */
export function timelineOf(tasks: readonly TaskTimes[]): Timeline | null {
  let [startMs, endMs] = [Infinity, -Infinity];
  for (const { startedAt, endedAt } of tasks) {
    startMs = Math.min(startMs, Date.parse(startedAt));
    endMs = Math.max(endMs, Date.parse(endedAt ?? startedAt));
  }
  if (!(endMs > startMs)) return null;
  const seconds = (endMs - startMs) / 1000;
  const bar = ({ id, startedAt, endedAt, succeeded, retries }: TaskTimes): Bar => ({
    task: id,
    from: (Date.parse(startedAt) - startMs) / 1000,
    to: endedAt === null ? seconds : (Date.parse(endedAt) - startMs) / 1000,
    state: endedAt === null ? "unended" : succeeded ? "succeeded" : "failed",
    retries,
  });
  return {
    seconds,
    nodes: [...byNode(tasks)].map(([node, own]) => ({
      node,
      tasks: own.length,
      lanes: lanesOf(own.map(bar)),
    })),
    ticks: ticksOf(seconds),
  };
}

/** Each bar, in the order of their starts, into the first lane that is free by then. */
function lanesOf(bars: readonly Bar[]): Bar[][] {
  const lanes: Bar[][] = [];
  for (const bar of bars) {
    const free = lanes.find((lane) => lane.at(-1)!.to <= bar.from);
    if (free === undefined) lanes.push([bar]);
    else free.push(bar);
  }
  return lanes;
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600];
const mostTicks = 8;

function ticksOf(seconds: number): number[] {
  const step = steps.find((each) => seconds / each <= mostTicks) ?? steps.at(-1)!;
  // None at the very end, where its label would not fit.
  const count = Math.ceil((seconds * 0.95) / step);
  return Array.from({ length: count }, (_, index) => index * step);
}
