/** Task dependencies: which tasks a task waits for, by their ids or by ranges of whole numbers (Batch REST: TaskDependencies). */
import type { BatchServiceModels } from "@azure/batch";
import { satisfiesDependents } from "./exitOptions";
import { dependenciesNotSpecifiedOnJob, dependencyListTooLong, invalidProperty } from "./failure";
import type { JobRecord, TaskRecord } from "./state";

/** Batch REST, TaskDependencies: "limited to 64000 characters total". */
const mostIdCharacters = 64_000;

/** Throws TaskDependenciesNotSpecifiedOnJob, TaskDependencyListTooLong, InvalidPropertyValue. A task it names may be added later. */
export function checkDependencies(job: JobRecord, { dependsOn }: BatchServiceModels.TaskAddParameter): void {
  if (dependsOn === undefined) return;
  if (job.spec.usesTaskDependencies !== true) throw dependenciesNotSpecifiedOnJob(job.id);
  const characters = (dependsOn.taskIds ?? []).reduce((sum, id) => sum + id.length, 0);
  if (characters > mostIdCharacters) throw dependencyListTooLong(mostIdCharacters);
  for (const { start, end } of dependsOn.taskIdRanges ?? [])
    if (!Number.isInteger(start) || !Number.isInteger(end) || start > end)
      throw invalidProperty(
        "taskIdRanges",
        `${start}-${end}`,
        "A range goes from a whole number to one that is not less.",
      );
}

/** Tells of a job's tasks whether all that they depend on has been done; the whole job is looked through only where a task asks for ranges. */
export function readiness(
  find: (taskId: string) => TaskRecord | undefined,
  tasks: () => readonly TaskRecord[],
): (task: TaskRecord) => boolean {
  let numbers: readonly number[] | undefined;
  const isDone = (taskId: string): boolean => {
    const task = find(taskId);
    return task !== undefined && satisfiesDependents(task);
  };
  return ({ spec: { dependsOn } }) => {
    const { taskIds = [], taskIdRanges = [] } = dependsOn ?? {};
    if (!taskIds.every(isDone)) return false;
    return taskIdRanges.every((range) => covers((numbers ??= doneNumbers(tasks())), range));
  };
}

/** The numbers, in order and each once, of tasks that satisfy. `4`, `04` and `004` are all task 4, and one of them is enough. */
function doneNumbers(tasks: readonly TaskRecord[]): number[] {
  const done = tasks.filter((task) => /^-?\d+$/.test(task.id) && satisfiesDependents(task));
  return [...new Set(done.map((task) => Number(task.id)))].sort((left, right) => left - right);
}

function covers(numbers: readonly number[], { start, end }: BatchServiceModels.TaskIdRange): boolean {
  const from = firstAtLeast(numbers, start);
  return numbers[from] === start && numbers[from + end - start] === end;
}

function firstAtLeast(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
