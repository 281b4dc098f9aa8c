/** Retention: a completed task's directory is deleted when its retention time is over; the record stays. */
import { after, durationMs } from "./duration";
import type { NodeAgents } from "./nodeAgents";
import type { State, TaskRecord } from "./state";

/** Batch REST, TaskConstraints: the default. */
export const defaultRetentionTime = "P7D";

export class Retention {
  private readonly cancels = new Map<string, () => void>();
  private readonly waits = new Set<{ readonly nodeId: string; readonly over: () => void }>();

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

  /** Ends all waits, too: what waited looks itself whether there is still something to wait for. */
  stop(): void {
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
    for (const { over } of this.waits) over();
    this.waits.clear();
  }

  keepsFilesOn(nodeId: string): boolean {
    return this.state.tasks
      .list()
      .some(
        ({ state, place, filesCleanedUp }) =>
          state === "completed" && place?.nodeId === nodeId && filesCleanedUp !== true,
      );
  }

  /** Resolves when no files of completed tasks are left on a node: their time is over, or the tasks are gone. */
  untilCleanedUp(nodeId: string): Promise<void> {
    if (!this.keepsFilesOn(nodeId)) return Promise.resolve();
    return new Promise((over) => this.waits.add({ nodeId, over }));
  }

  /** To be called when tasks have changed. */
  review(): void {
    for (const wait of this.waits) {
      if (this.keepsFilesOn(wait.nodeId)) continue;
      this.waits.delete(wait);
      wait.over();
    }
  }

  private async cleanUp(watched: TaskRecord): Promise<void> {
    const task = this.state.tasks.get(watched.jobId, watched.id);
    // Deleted, and perhaps added anew, meanwhile: not the run that was watched.
    if (task?.state !== "completed" || task.run.endTime !== watched.run.endTime || task.place === undefined)
      return;
    this.state.tasks.put({ ...task, filesCleanedUp: true });
    const node = { poolId: task.place.poolId, id: task.place.nodeId };
    await this.agents.discard(node, this.agents.directories(node).task(task.jobId, task.id).path);
    this.review();
  }
}
