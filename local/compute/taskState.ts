/**
 * A task's states and how it moves between them (Batch REST: TaskState). active → preparing (while the job preparation task runs on its node) →
 * running → completed; from preparing and running back to active when it is requeued. The scheduler's moves leave lastModified alone (recorded).
 */
import type { RunInfo, TaskRecord, TaskState } from "./state";
import { timestamp } from "./state";

export function moved(task: TaskRecord, state: TaskState): TaskRecord {
  return {
    ...task,
    state,
    stateTransitionTime: timestamp(),
    previousState: task.state,
    previousStateTransitionTime: task.stateTransitionTime,
  };
}

export function ended(task: TaskRecord, run: RunInfo): TaskRecord {
  return { ...moved(task, "completed"), run: { endTime: timestamp(), ...run } };
}

/** Back to active without a place: its preparation failed there, which is not counted. */
export function waitingAgain(task: TaskRecord): TaskRecord {
  return { ...moved(task, "active"), run: { retryCount: 0 }, place: undefined };
}

/** Back to active because its node or its service went away. */
export function requeued(task: TaskRecord): TaskRecord {
  return { ...waitingAgain(task), requeueCount: task.requeueCount + 1, lastRequeueTime: timestamp() };
}
