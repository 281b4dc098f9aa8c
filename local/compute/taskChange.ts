/** What an update or a reactivation makes of a task. */
import type { BatchServiceModels } from "@azure/batch";
import { taskCompleted, taskNotCompleted, taskSucceeded } from "./failure";
import { demandLive } from "./jobState";
import { checkTaskConstraints } from "./requirements";
import type { JobRecord, TaskRecord } from "./state";
import { waitingAgain } from "./taskState";
import { timestampAfter } from "./ticks";

/**
 * Constraints alone can change, as a whole: what is not given goes back to its default (Batch REST: Task_Update). Throws TaskCompleted. Azure: what a
 * running task makes of them is not documented; here: a new retention time counts, the rest from its next run on.
 */
export function constrained(
  task: TaskRecord,
  constraints: BatchServiceModels.TaskConstraints | undefined,
): TaskRecord {
  if (task.state === "completed") throw taskCompleted(task.id);
  checkTaskConstraints(constraints);
  return { ...task, spec: { ...task.spec, constraints }, lastModified: timestampAfter(task.lastModified) };
}

/**
 * A failed task waits for another run, with as many tries as at first and without a trace of the last one (Batch REST: Task_Reactivate). Throws
 * TaskNotCompleted, TaskSucceeded, JobCompleted and the like.
 */
export function reactivated(job: JobRecord, task: TaskRecord): TaskRecord {
  demandLive(job);
  if (task.state !== "completed") throw taskNotCompleted(task.id);
  if (task.run.result === "success") throw taskSucceeded(task.id);
  return {
    ...waitingAgain(task),
    filesCleanedUp: undefined,
    lastModified: timestampAfter(task.lastModified),
  };
}
