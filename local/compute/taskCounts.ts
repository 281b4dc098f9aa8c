/** Tasks counted by what has become of them, and the slots that they take. */
import type { TaskRecord } from "./state";

export interface Count {
  readonly tasks: number;
  readonly slots: number;
}

type Counted = "active" | "preparing" | "running" | "succeeded" | "failed";

export type TaskCounts = Readonly<Record<Counted, Count>>;

const none: Count = { tasks: 0, slots: 0 };

export const noTasks: TaskCounts = {
  active: none,
  preparing: none,
  running: none,
  succeeded: none,
  failed: none,
};

/** With one task more (1) or less (-1). */
export function counted(counts: TaskCounts, task: TaskRecord, change: 1 | -1): TaskCounts {
  const name = nameOf(task);
  const { tasks, slots } = counts[name];
  const taken = task.spec.requiredSlots ?? 1;
  return { ...counts, [name]: { tasks: tasks + change, slots: slots + change * taken } };
}

/** The sum of some of them. */
export function sumOf(...counts: readonly Count[]): Count {
  return counts.reduce((sum, { tasks, slots }) => ({ tasks: sum.tasks + tasks, slots: sum.slots + slots }));
}

/** Not all of them have ended. */
export function hasOpen({ active, preparing, running }: TaskCounts): boolean {
  return sumOf(active, preparing, running).tasks > 0;
}

function nameOf({ state, run }: TaskRecord): Counted {
  if (state !== "completed") return state;
  return run.result === "success" ? "succeeded" : "failed";
}
