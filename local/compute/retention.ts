/** Retention: a completed task's directory is deleted when its retention time is over; the record stays. */
import { after, durationMs } from "./duration";
import type { NodeAgents } from "./nodeAgents";
import { SortedMap } from "./sortedMap";
import type { State, TaskRecord } from "./state";

/** Batch REST, TaskConstraints: the default. */
export const defaultRetentionTime = "P7D";

/** The end of a task's run, whose files go when its time is over. */
interface Watched {
  readonly key: string;
  readonly overMs: number;
  readonly jobId: string;
  readonly taskId: string;
  readonly endTime: string | undefined;
}

export class Retention {
  /** Those whose time is not over, in the order in which it will be. One timer is enough for all of them. */
  private readonly watched = new SortedMap<Watched>();
  private cancelTimer = (): void => undefined;
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
    const endTime = task.run.endTime ?? task.stateTransitionTime;
    const retentionMs = durationMs(task.spec.constraints?.retentionTime ?? defaultRetentionTime) ?? Infinity;
    const overMs = Math.ceil(Date.parse(endTime) + retentionMs);
    if (overMs === Infinity) return;
    const key = `${String(overMs).padStart(16, "0")} ${task.jobId}/${task.id}`.toLowerCase();
    this.watched.set(key, { key, overMs, jobId: task.jobId, taskId: task.id, endTime: task.run.endTime });
    if (this.first()?.key === key) this.setTimer();
  }

  /** Ends all waits, too: what waited looks itself whether there is still something to wait for. */
  stop(): void {
    this.cancelTimer();
    for (const { over } of this.waits) over();
    this.waits.clear();
  }

  keepsFilesOn(nodeId: string): boolean {
    return this.state.taskIndex.keepsFilesOn(nodeId);
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

  private first(): Watched | undefined {
    const [first] = this.watched.all();
    return first;
  }

  private setTimer(): void {
    this.cancelTimer();
    const first = this.first();
    if (first === undefined) return;
    this.cancelTimer = after(first.overMs - Date.now(), () => {
      this.watched.delete(first.key);
      void this.cleanUp(first);
      this.setTimer();
    });
  }

  private async cleanUp({ jobId, taskId, endTime }: Watched): Promise<void> {
    const task = this.state.tasks.get(jobId, taskId);
    // Deleted, and perhaps added anew, meanwhile: not the run that was watched.
    if (task?.state !== "completed" || task.run.endTime !== endTime || task.place === undefined) return;
    this.state.tasks.put({ ...task, filesCleanedUp: true });
    await this.state.written();
    const node = { poolId: task.place.poolId, id: task.place.nodeId };
    await this.agents.discard(node, this.agents.directories(node).task(task.jobId, task.id).path);
    this.review();
  }
}
