/**
 * Disabling and enabling jobs. `disabling`: no task is started any more, those that run are dealt with as asked. `disabled`: none runs; tasks may be
 * added and the pool may be changed. `enabling`: on the way back to `active`, where tasks are started again.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { BatchServiceModels } from "@azure/batch";
import { jobNotInState } from "./failure";
import { demandLive, moved } from "./jobState";
import type { Preparations } from "./preparations";
import type { DisableTasks, JobRecord, State } from "./state";
import type { TaskRuns } from "./taskRuns";
import { timestampAfter } from "./ticks";

export class JobDisabling {
  /** Disablings and enablings under way. */
  private readonly changes = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    private readonly state: State,
    private readonly runs: TaskRuns,
    private readonly preparations: Preparations,
    private readonly onChange: () => void,
  ) {}

  /** Takes up what the last stop interrupted. */
  start(): void {
    for (const job of this.state.jobs.list()) {
      if (job.state === "disabling") this.follow(this.finishDisable(job));
      else if (job.state === "enabling") this.follow(this.finishEnable(job));
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.changes);
  }

  /** Batch REST, Job_Disable: in active, disabling or disabled, else 409; asked again, the newest word on the running tasks counts. */
  disable(job: JobRecord, disableTasks: BatchServiceModels.DisableJobOption): JobRecord {
    demandLive(job);
    // Azure: 409, no word on which code; here: the general one for a state.
    if (job.state === "enabling") throw jobNotInState(job.id, job.state);
    const disabling: JobRecord = {
      ...moved(job, "disabling"),
      disableTasks: disableTasks.toLowerCase() as DisableTasks,
      lastModified: timestampAfter(job.lastModified),
    };
    this.state.jobs.put(disabling);
    this.follow(this.finishDisable(disabling));
    return disabling;
  }

  /** Batch REST, Job_Enable: "sets a disabled job to the enabling state"; what it says to others is not documented. */
  enable(job: JobRecord): JobRecord {
    demandLive(job);
    if (job.state !== "disabled") throw jobNotInState(job.id, job.state);
    const enabling: JobRecord = { ...moved(job, "enabling"), lastModified: timestampAfter(job.lastModified) };
    this.state.jobs.put(enabling);
    this.follow(this.finishEnable(enabling));
    return enabling;
  }

  private async finishDisable({ id, disableTasks = "requeue" }: JobRecord): Promise<void> {
    if (disableTasks === "wait") await this.runs.untilJobIdle(id);
    else await Promise.all([this.preparations.stopJob(id), this.runs.stopJob(id, disableTasks)]);
    const job = this.state.jobs.get(id);
    // It may have been ended meanwhile, or enabled and disabled once more, whose tasks the later call looks after.
    if (this.stopped || job?.state !== "disabling" || this.runs.tasksRunning(id) > 0) return;
    this.state.jobs.put({ ...moved(job, "disabled"), disableTasks: undefined });
  }

  private async finishEnable({ id }: JobRecord): Promise<void> {
    await nextTurn();
    const job = this.state.jobs.get(id);
    if (this.stopped || job?.state !== "enabling") return;
    this.state.jobs.put(moved(job, "active"));
    this.onChange();
  }

  private follow(change: Promise<void>): void {
    this.changes.add(change);
    void change.finally(() => this.changes.delete(change));
  }
}
