/** Retention: a completed task's directory is deleted when its retention time is over; the record stays. */
import { removeFolder } from "../removal";
import { after, durationMs } from "./duration";
import type { NodeAgents } from "./nodeAgents";
import type { State, TaskRecord } from "./state";

/** Batch REST, TaskConstraints: the default. */
export const defaultRetentionTime = "P7D";

export class Retention {
  private readonly cancels = new Map<string, () => void>();

  constructor(
    private readonly state: State,
    private readonly agents: NodeAgents,
  ) {}

  /** Watches the tasks that completed before the last stop. */
  start(): void {
    for (const task of this.state.tasks.list()) if (task.state === "completed") this.watch(task);
  }

  watch(task: TaskRecord): void {
    if (task.place === undefined || task.filesCleanedUp === true) return;
    const key = `${task.jobId}/${task.id}`.toLowerCase();
    const endTimeMs = Date.parse(task.run.endTime ?? task.stateTransitionTime);
    const retentionMs = durationMs(task.spec.constraints?.retentionTime ?? defaultRetentionTime) ?? Infinity;
    this.cancels.get(key)?.();
    this.cancels.set(
      key,
      after(endTimeMs + retentionMs - Date.now(), () => {
        this.cancels.delete(key);
        void this.cleanUp(task);
      }),
    );
  }

  stop(): void {
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
  }

  private async cleanUp(watched: TaskRecord): Promise<void> {
    const task = this.state.tasks.get(watched.jobId, watched.id);
    // Deleted, and perhaps added anew, meanwhile: not the run that was watched.
    if (task?.state !== "completed" || task.run.endTime !== watched.run.endTime || task.place === undefined)
      return;
    this.state.tasks.put({ ...task, filesCleanedUp: true });
    const { poolId, nodeId } = task.place;
    const directory = this.agents.directories({ poolId, id: nodeId }).task(task.jobId, task.id);
    await removeFolder(directory.path);
  }
}
