/** Task dependencies: which tasks a task waits for, by their ids or by ranges of whole numbers (Batch REST: TaskDependencies). */
import type { BatchServiceModels } from "@azure/batch";
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

/** Which tasks of a job have been done, in a way that lets others depend on it. */
export interface DoneTasks {
  isDone(taskId: string): boolean;
  /** `4`, `04` and `004` are all task 4, and one of them is enough. */
  isNumberDone(number: number): boolean;
}

/**
 * One that a task still waits for, as `id ID` in lower case or as `number N`; undefined when it may run. Of many it is the last: tasks are done
 * more or less in order, and whoever waits for the last one need not look at the others again and again.
 */
export function missingDependency({ spec: { dependsOn } }: TaskRecord, done: DoneTasks): string | undefined {
  if (dependsOn === undefined) return undefined;
  const { taskIds = [], taskIdRanges = [] } = dependsOn;
  const missing = taskIds.findLast((id) => !done.isDone(id));
  if (missing !== undefined) return `id ${missing.toLowerCase()}`;
  for (const { start, end } of taskIdRanges)
    for (let number = end; number >= start; number -= 1)
      if (!done.isNumberDone(number)) return `number ${number}`;
  return undefined;
}

/** The number that a range knows a task by, where its id is one. */
export function numberOf(taskId: string): number | undefined {
  return /^-?\d+$/.test(taskId) ? Number(taskId) : undefined;
}
