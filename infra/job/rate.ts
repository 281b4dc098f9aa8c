/** How fast a run goes. Pure. */
import type { TaskCounts, TaskView } from "./batchViews";
import { ended, type Snapshot } from "./progress";
import type { Run } from "./run";

export interface Rate {
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

/**
 * Speed from the first snapshot in which a task ran to the last; null while no task has ended since. Shards are of
 * about equal work, so a share of the tasks is that share of the images.
 */
export function rateOf(run: Run, first: Snapshot | null, last: Snapshot): Rate | null {
  if (first === null || run.tasks.length === 0) return null;
  const perTask = run.images / run.tasks.length;
  const endedTasks = ended(last) - ended(first);
  const seconds = (last.atMs - first.atMs) / 1000;
  if (endedTasks <= 0 || seconds <= 0) return null;
  const imagesPerSecond = (endedTasks * perTask) / seconds;
  return { imagesPerSecond, secondsLeft: ((run.tasks.length - ended(last)) * perTask) / imagesPerSecond };
}

/** As `rateOf`, from one look alone and the times of the run's tasks. */
export function rateSoFar(run: Run, last: Snapshot, tasks: readonly TaskView[]): Rate | null {
  const starts = tasks.flatMap(({ startedAt }) => startedAt?.getTime() ?? []);
  if (starts.length === 0) return null;
  const none: TaskCounts = { active: run.tasks.length, running: 0, succeeded: 0, failed: 0 };
  return rateOf(run, { ...last, atMs: starts.reduce((a, b) => Math.min(a, b)), tasks: none }, last);
}
