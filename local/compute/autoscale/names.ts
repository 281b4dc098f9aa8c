/** The names that an autoscale formula finds defined (Azure Batch: "Create a formula to automatically scale compute nodes"). */

import type { Deallocation } from "../state";

/** What a formula decides: the variables it may both read and set. */
export const outputs = [
  "$TargetDedicatedNodes",
  "$TargetLowPriorityNodes",
  "$NodeDeallocationOption",
] as const;
export type Output = (typeof outputs)[number];

/** The fully named variable takes precedence where both are set. */
export const aliases: ReadonlyMap<string, Output> = new Map([
  ["$TargetDedicated", "$TargetDedicatedNodes"],
  ["$TargetLowPriority", "$TargetLowPriorityNodes"],
]);

/** Sampled by counting tasks and nodes. */
export const counted = [
  "$ActiveTasks",
  "$RunningTasks",
  "$PendingTasks",
  "$SucceededTasks",
  "$FailedTasks",
  "$TaskSlotsPerNode",
  "$CurrentDedicatedNodes",
  "$CurrentLowPriorityNodes",
  "$PreemptedNodeCount",
  "$SampleNodeCount",
  "$UsableNodeCount",
] as const;
export type Counted = (typeof counted)[number];

/** Azure: sampled on every node; here: all nodes are this machine, so there is never a sample. */
export const measured = [
  "$CPUPercent",
  "$WallClockSeconds",
  "$MemoryBytes",
  "$DiskBytes",
  "$DiskReadBytes",
  "$DiskWriteBytes",
  "$DiskReadOps",
  "$DiskWriteOps",
  "$NetworkInBytes",
  "$NetworkOutBytes",
] as const;
export type Sampled = Counted | (typeof measured)[number];

/** Milliseconds. */
export const intervals: ReadonlyMap<string, number> = new Map([
  ["TimeInterval_Zero", 0],
  ["TimeInterval_100ns", 0.0001],
  ["TimeInterval_Microsecond", 0.001],
  ["TimeInterval_Millisecond", 1],
  ["TimeInterval_Second", 1000],
  ["TimeInterval_Minute", 60_000],
  ["TimeInterval_Hour", 3_600_000],
  ["TimeInterval_Day", 86_400_000],
  ["TimeInterval_Week", 604_800_000],
  ["TimeInterval_Year", 31_536_000_000],
]);

/** Bare words, for $NodeDeallocationOption. */
export const deallocations = [
  "requeue",
  "terminate",
  "taskcompletion",
  "retaineddata",
] as const satisfies Deallocation[];

export const isOutput = memberOf(outputs);
export const isCounted = memberOf(counted);
export const isDeallocation = memberOf(deallocations);
const isMeasured = memberOf(measured);
export const isSampled = (name: string): name is Sampled => isCounted(name) || isMeasured(name);

function memberOf<Name extends string>(names: readonly Name[]): (name: string) => name is Name {
  const known: ReadonlySet<string> = new Set(names);
  return (name): name is Name => known.has(name);
}
