/** Tasks: adding, finding, counting, ending and deleting them. */
import type { BatchServiceModels } from "@azure/batch";
import { checkDependencies } from "./dependencies";
import { checkExitConditions } from "./exitOptions";
import {
  taskCompleted,
  taskExists,
  taskIdSameAsJobPreparationTask,
  taskIdSameAsJobReleaseTask,
  taskNotFound,
} from "./failure";
import { endedByUser, failed } from "./failureInfo";
import { demandLive } from "./jobState";
import type { Jobs } from "./jobs";
import type { NodeAgents } from "./nodeAgents";
import { checkTask } from "./requirements";
import { type JobRecord, type State, type TaskRecord, timestamp } from "./state";
import { constrained, reactivated } from "./taskChange";
import type { TaskCounts } from "./taskCounts";
import type { TaskRuns } from "./taskRuns";
import { ended, requeued } from "./taskState";
import { timestampAfter } from "./ticks";
import { defaultPreparationId, defaultReleaseId } from "./work";

export class Tasks {
  private order: number;

  constructor(
    private readonly state: State,
    private readonly jobs: Jobs,
    private readonly agents: NodeAgents,
    private readonly runs: TaskRuns,
    private readonly onEnd: (task: TaskRecord) => void,
    private readonly onChange: () => void,
  ) {
    this.order = state.tasks.list().reduce((most, task) => Math.max(most, task.order), 0);
  }

  /** Tasks that ran when the service stopped wait again, unless their job was just ending them; how it stopped makes no difference to them. */
  start(): void {
    for (const task of this.state.tasks.list()) {
      if (task.state !== "running" && task.state !== "preparing") continue;
      const job = this.state.jobs.get(task.jobId);
      const ends = job?.state === "disabling" && job.disableTasks === "terminate";
      this.state.tasks.put(ends ? ended(task, { ...task.run, ...failed(endedByUser) }) : requeued(task));
    }
  }

  /** Throws TaskExists, JobCompleted and the like. */
  add(jobId: string, spec: BatchServiceModels.TaskAddParameter): TaskRecord {
    const job = demandLive(this.jobs.get(jobId));
    checkTask(spec);
    checkDependencies(job, spec);
    checkExitConditions(job, spec);
    checkReserved(job, spec.id);
    if (this.state.tasks.get(jobId, spec.id) !== undefined) throw taskExists(spec.id);
    const now = timestamp();
    const task: TaskRecord = {
      jobId: job.id,
      id: spec.id,
      order: ++this.order,
      spec,
      state: "active",
      stateTransitionTime: now,
      creationTime: now,
      lastModified: now,
      run: { retryCount: 0 },
      requeueCount: 0,
    };
    this.state.tasks.put(task);
    this.onChange();
    return task;
  }

  /** Throws JobNotFound, TaskNotFound. */
  get(jobId: string, taskId: string): TaskRecord {
    this.jobs.get(jobId);
    const task = this.find(jobId, taskId);
    if (task === undefined) throw taskNotFound(jobId, taskId);
    return task;
  }

  find(jobId: string, taskId: string): TaskRecord | undefined {
    return this.state.tasks.get(jobId, taskId);
  }

  counts(jobId: string): TaskCounts {
    return this.state.taskIndex.countsOf(this.jobs.get(jobId).id);
  }

  list(jobId: string): TaskRecord[] {
    return this.state.tasks.list(this.jobs.get(jobId).id);
  }

  /** The tasks past one in the order of ids, one by one and without copying a list that may be long. */
  after(jobId: string, taskId: string): Iterable<TaskRecord> {
    return this.state.tasks.after(this.jobs.get(jobId).id, taskId);
  }

  /** Ends a task: a running one is killed, an active one is completed without having run. The task as changed by this. */
  async terminate(jobId: string, taskId: string): Promise<TaskRecord> {
    const task = this.get(jobId, taskId);
    if (task.state === "completed") throw taskCompleted(taskId);
    const now: TaskRecord = { ...task, lastModified: timestampAfter(task.lastModified) };
    if (now.state === "active") {
      const over = ended(now, { ...now.run, ...failed(endedByUser) });
      this.state.tasks.put(over);
      this.onEnd(over);
    } else {
      this.state.tasks.put(now);
      await this.runs.stopTask(jobId, taskId, "terminate");
    }
    this.onChange();
    return now;
  }

  /** Throws TaskCompleted, InvalidPropertyValue. */
  update(
    jobId: string,
    taskId: string,
    constraints: BatchServiceModels.TaskConstraints | undefined,
  ): TaskRecord {
    return this.change(constrained(this.get(jobId, taskId), constraints));
  }

  /** Throws TaskNotCompleted, TaskSucceeded, JobCompleted and the like. */
  reactivate(jobId: string, taskId: string): TaskRecord {
    return this.change(reactivated(this.jobs.get(jobId), this.get(jobId, taskId)));
  }

  /** Kills the task if it runs; its record goes, then its directory: a kill of the service must not leave a task without its files. */
  async delete(jobId: string, taskId: string): Promise<void> {
    const task = this.get(jobId, taskId);
    await this.runs.stopTask(jobId, taskId, "delete");
    const { place } = this.get(jobId, taskId);
    this.state.tasks.delete(jobId, taskId);
    this.onChange();
    if (place === undefined) return;
    // After a crash a task is there with its files or not at all.
    await this.state.written();
    // Added again meanwhile: the folder is the new one's, which clears it before it runs.
    if (this.state.tasks.get(jobId, taskId) !== undefined) return;
    const node = { poolId: place.poolId, id: place.nodeId };
    await this.agents.discard(node, this.agents.directories(node).task(task.jobId, task.id).path);
  }

  private change(task: TaskRecord): TaskRecord {
    this.state.tasks.put(task);
    this.onChange();
    return task;
  }
}

function checkReserved(job: JobRecord, taskId: string): void {
  const id = taskId.toLowerCase();
  const { jobPreparationTask: preparation, jobReleaseTask: release } = job.spec;
  if (preparation !== undefined && (preparation.id ?? defaultPreparationId).toLowerCase() === id)
    throw taskIdSameAsJobPreparationTask(taskId);
  if (release !== undefined && (release.id ?? defaultReleaseId).toLowerCase() === id)
    throw taskIdSameAsJobReleaseTask(taskId);
}
