/**
 * A pool in virtual time: tasks arrive, samples are taken and seen late as in the local service, the stack's formula is evaluated at its
 * interval, nodes boot, work and leave when their tasks are done.
 */
import { autoscaleFormula, type AutoscaleSettings } from "../../../../infra/autoscale";
import type { Decision, Targets } from "../../../../local/compute/autoscale/evaluate";
import { evaluateFormula } from "../../../../local/compute/autoscale/formula";
import { type Counts, SampleHistory } from "../../../../local/compute/autoscale/history";
import { samplePeriodMs } from "../../../../local/compute/autoscale/samples";

const minuteMs = 60_000;
/** Azure: 3–8 minutes from a resize to a node; the formula's interval. */
const bootMs = 5 * minuteMs;
const intervalMs = 5 * minuteMs;

export interface Burst {
  readonly atMs: number;
  readonly tasks: number;
}

export interface Day {
  readonly tasksDone: number;
  /** From a task's arrival to its start, at the most. */
  readonly longestWaitMs: number;
  readonly nodeHours: number;
  readonly spotNodeHours: number;
  readonly mostNodes: number;
  /** At its end. */
  readonly nodesLeft: number;
}

interface Node {
  readonly isSpot: boolean;
  readonly readyMs: number;
  /** Ends of the tasks that run. */
  tasks: number[];
  isLeaving: boolean;
}

/** `asks`: whether a submit asks for an evaluation as soon as a sample shows its tasks. */
export function simulateDay(
  settings: AutoscaleSettings,
  slots: number,
  taskMs: number,
  bursts: readonly Burst[],
  asks: boolean,
): Day {
  const formula = autoscaleFormula(settings);
  const history = new SampleHistory(1);
  const waiting: number[] = [];
  let nodes: Node[] = [];
  let targets: Targets = { targetDedicatedNodes: settings.minNodes, targetLowPriorityNodes: 0 };
  let [tasksDone, longestWaitMs, nodeMs, spotNodeMs, mostNodes] = [0, 0, 0, 0, 0];
  let asking = false;

  const countsAt = (): Counts => {
    const running = nodes.reduce((sum, { tasks }) => sum + tasks.length, 0);
    const dedicated = nodes.filter(({ isSpot }) => !isSpot).length;
    return {
      $ActiveTasks: waiting.length,
      $RunningTasks: running,
      $PendingTasks: waiting.length + running,
      $SucceededTasks: tasksDone,
      $FailedTasks: 0,
      $TaskSlotsPerNode: slots,
      $CurrentDedicatedNodes: dedicated,
      $CurrentLowPriorityNodes: nodes.length - dedicated,
      $PreemptedNodeCount: 0,
      $SampleNodeCount: nodes.length,
      $UsableNodeCount: nodes.length,
    };
  };
  const decide = (nowMs: number): Decision => {
    const samples = history.at(nowMs, countsAt());
    const decided = evaluateFormula(formula, { nowMs, random: () => 0, targets, samples });
    if (decided.error !== undefined) throw new Error(decided.error.values[0]?.value);
    return decided;
  };
  /** taskcompletion: a node that has to go finishes its tasks. */
  const resize = (nowMs: number, isSpot: boolean, target: number): void => {
    const staying = nodes.filter((node) => node.isSpot === isSpot && !node.isLeaving);
    for (const node of staying.slice(target)) node.isLeaving = true;
    for (let count = staying.length; count < target; count += 1)
      nodes.push({ isSpot, readyMs: nowMs + bootMs, tasks: [], isLeaving: false });
  };

  for (let nowMs = 0; nowMs <= 24 * 60 * minuteMs; nowMs += samplePeriodMs) {
    for (const node of nodes) {
      const left = node.tasks.filter((endMs) => endMs > nowMs);
      tasksDone += node.tasks.length - left.length;
      node.tasks = left;
    }
    nodes = nodes.filter(({ isLeaving, tasks }) => !isLeaving || tasks.length > 0);
    for (const { tasks } of bursts.filter(({ atMs }) => atMs === nowMs)) {
      waiting.push(...Array<number>(tasks).fill(nowMs));
      asking = asks;
    }
    for (const node of nodes)
      while (!node.isLeaving && node.readyMs <= nowMs && node.tasks.length < slots && waiting.length > 0) {
        longestWaitMs = Math.max(longestWaitMs, nowMs - waiting.shift()!);
        node.tasks.push(nowMs + taskMs);
      }
    history.add(nowMs, countsAt());
    const isDue = nowMs % intervalMs === 0;
    if (isDue || asking) {
      const decided = decide(nowMs);
      const seesTasks = decided.targetDedicatedNodes + decided.targetLowPriorityNodes > 0;
      if (seesTasks) asking = false;
      if (isDue || seesTasks) {
        targets = decided;
        resize(nowMs, false, targets.targetDedicatedNodes);
        resize(nowMs, true, targets.targetLowPriorityNodes);
      }
    }
    nodeMs += nodes.length * samplePeriodMs;
    spotNodeMs += nodes.filter(({ isSpot }) => isSpot).length * samplePeriodMs;
    mostNodes = Math.max(mostNodes, nodes.length);
  }
  return {
    ...{ tasksDone, longestWaitMs, mostNodes, nodesLeft: nodes.length },
    ...{ nodeHours: nodeMs / 3_600_000, spotNodeHours: spotNodeMs / 3_600_000 },
  };
}
