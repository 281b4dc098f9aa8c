/** What the end of a task does to its job: a job manager may take it along, a failure may end or disable it (Batch REST: OnTaskFailure). */
import { jobActionOf } from "./exitOptions";
import type { JobDisabling } from "./jobDisabling";
import { endsItsJob } from "./jobManager";
import { isLive } from "./jobState";
import type { Jobs } from "./jobs";
import type { JobRecord, State, TaskRecord } from "./state";

export class JobActions {
  constructor(
    private readonly state: State,
    private readonly jobs: Jobs,
    private readonly disabling: JobDisabling,
  ) {}

  /** Acts for tasks whose end was on disk when the service was killed, and what it does to their job was not: the job has not moved since. */
  start(): void {
    for (const job of this.state.jobs.list())
      for (const task of this.state.tasks.list(job.id))
        if (task.state === "completed" && task.stateTransitionTime >= job.stateTransitionTime)
          this.taskEnded(task);
  }

  taskEnded(task: TaskRecord): void {
    const job = this.state.jobs.get(task.jobId);
    if (job === undefined || !isLive(job) || endsItsTasks(job)) return;
    if (endsItsJob(job, task)) {
      this.jobs.terminate(job.id, "JMComplete");
      return;
    }
    if (job.spec.onTaskFailure !== "performexitoptionsjobaction") return;
    switch (jobActionOf(task)) {
      case "terminate":
        this.jobs.terminate(job.id, "TaskFailed");
        return;
      case "disable":
        // Batch REST, JobAction: as the operation, with requeue.
        if (job.state === "active") this.disabling.disable(job, "requeue");
        return;
      case "none":
        return;
    }
  }
}

/** Its disablement itself ends or requeues the tasks: that is no failure of theirs. */
function endsItsTasks(job: JobRecord): boolean {
  return job.state === "disabling" && job.disableTasks !== "wait";
}
