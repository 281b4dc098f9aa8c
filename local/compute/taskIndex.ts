/**
 * What is asked of many tasks at once, kept at every change of a task's record so that nobody looks at all of them: how many there are in which
 * state, which wait for a node, and which nodes hold files of completed ones. It is made anew from the records when the service starts.
 */
import type { TaskRecord } from "./state";
import { counted, noTasks, type TaskCounts } from "./taskCounts";
import { WaitingTasks } from "./waitingTasks";

interface JobTasks {
  counts: TaskCounts;
  tasks: number;
  readonly waiting: WaitingTasks;
}

export class TaskIndex {
  private readonly jobs = new Map<string, JobTasks>();
  /** How many completed tasks have files on a node. */
  private readonly kept = new Map<string, number>();

  constructor(private readonly find: (jobId: string, taskId: string) => TaskRecord | undefined) {}

  /** Undefined: there was none before, or there is none now. */
  changed(before: TaskRecord | undefined, after: TaskRecord | undefined): void {
    if (before !== undefined) this.remove(before);
    if (after !== undefined) this.add(after);
  }

  countsOf(jobId: string): TaskCounts {
    return this.jobs.get(jobId.toLowerCase())?.counts ?? noTasks;
  }

  /** Undefined where the job has no tasks. */
  waitingOf(jobId: string): WaitingTasks | undefined {
    return this.jobs.get(jobId.toLowerCase())?.waiting;
  }

  /** Whether files of completed tasks are on a node. */
  keepsFilesOn(nodeId: string): boolean {
    return this.kept.has(nodeId);
  }

  private add(task: TaskRecord): void {
    const id = task.jobId.toLowerCase();
    const job = this.jobs.get(id) ?? {
      counts: noTasks,
      tasks: 0,
      waiting: new WaitingTasks((taskId) => this.find(id, taskId)),
    };
    this.jobs.set(id, job);
    job.counts = counted(job.counts, task, 1);
    job.tasks += 1;
    job.waiting.added(task);
    this.keep(task, 1);
  }

  private remove(task: TaskRecord): void {
    const id = task.jobId.toLowerCase();
    const job = this.jobs.get(id);
    if (job === undefined) return;
    job.counts = counted(job.counts, task, -1);
    job.tasks -= 1;
    job.waiting.removed(task);
    this.keep(task, -1);
    if (job.tasks === 0) this.jobs.delete(id);
  }

  private keep({ state, place, filesCleanedUp }: TaskRecord, change: 1 | -1): void {
    if (state !== "completed" || place === undefined || filesCleanedUp === true) return;
    const files = (this.kept.get(place.nodeId) ?? 0) + change;
    if (files > 0) this.kept.set(place.nodeId, files);
    else this.kept.delete(place.nodeId);
  }
}
