/** Jobs: their states from active to completed or gone, and what ends them. */
import { dirname } from "node:path";
import type { BatchServiceModels } from "@azure/batch";
import { removeFolder } from "../removal";
import { after, durationMs } from "./duration";
import { jobBeingDeleted, jobExists, jobNotFound } from "./failure";
import { patched, updated } from "./jobChange";
import { checkManager, managerTask } from "./jobManager";
import { demandLive, isLive, moved } from "./jobState";
import type { NodeAgents } from "./nodeAgents";
import type { Preparations } from "./preparations";
import type { Quotas } from "./quotas";
import { checkId, checkJob } from "./requirements";
import { type JobRecord, type State, timestamp } from "./state";
import { hasOpen } from "./taskCounts";
import type { TaskRuns } from "./taskRuns";
import { timestampAfter } from "./ticks";

export class Jobs {
  /** What is left to do for jobs that are terminating or deleting, in order. */
  private readonly endings = new Map<string, Promise<void>>();
  private readonly wallClocks = new Map<string, () => void>();
  private stopped = false;

  constructor(
    private readonly state: State,
    private readonly agents: NodeAgents,
    private readonly runs: TaskRuns,
    private readonly preparations: Preparations,
    private readonly quotas: Quotas,
    private readonly onChange: () => void,
  ) {}

  /** Takes up what the last stop interrupted. */
  start(): void {
    for (const job of this.state.jobs.list()) {
      if (isLive(job)) this.watchWallClock(job);
      else if (job.state === "terminating") void this.queue(job.id, () => this.finishTerminate(job.id));
      else if (job.state === "deleting") void this.queue(job.id, () => this.finishDelete(job.id));
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.wallClocks.values()) cancel();
    await Promise.all(this.endings.values());
  }

  /** An unknown pool is no mistake: tasks wait for one of that id. Throws JobExists and the like. */
  add(spec: BatchServiceModels.JobAddParameter): JobRecord {
    checkId("id", spec.id);
    checkJob(spec);
    checkManager(spec);
    const existing = this.state.jobs.get(spec.id);
    if (existing !== undefined)
      throw existing.state === "deleting" ? jobBeingDeleted(spec.id) : jobExists(spec.id);
    const now = timestamp();
    const job: JobRecord = {
      id: spec.id,
      spec,
      poolId: spec.poolInfo.poolId ?? "",
      state: "active",
      stateTransitionTime: now,
      creationTime: now,
      lastModified: now,
    };
    this.quotas.checkJobCount();
    // Before the job: a manager without a job is nothing, a job without its manager would wait for ever.
    const manager = managerTask(job);
    if (manager !== undefined) this.state.tasks.put(manager);
    this.state.jobs.put(job);
    this.watchWallClock(job);
    this.onChange();
    return job;
  }

  list(): JobRecord[] {
    return this.state.jobs.list();
  }

  /** Throws JobNotFound. */
  get(id: string): JobRecord {
    const job = this.state.jobs.get(id);
    if (job === undefined) throw jobNotFound(id);
    return job;
  }

  /** Throws for a job that is over, or for another pool while it is not disabled. */
  patch(id: string, patch: BatchServiceModels.JobPatchParameter): JobRecord {
    return this.change(patched(demandLive(this.get(id)), patch));
  }

  /** Throws as `patch` does. */
  update(id: string, update: BatchServiceModels.JobUpdateParameter): JobRecord {
    return this.change(updated(demandLive(this.get(id)), update));
  }

  /** Running tasks are ended, active ones stay active for ever, release tasks run, then the job is completed. */
  terminate(id: string, reason = "UserTerminate"): JobRecord {
    return this.beginTerminate(demandLive(this.get(id)), reason);
  }

  /** Resolves when the job is gone; at once it is `deleting`. */
  delete(id: string): Promise<void> {
    const job = this.get(id);
    if (job.state === "deleting") throw jobBeingDeleted(id);
    this.state.jobs.put(moved(job, "deleting"));
    return this.queue(id, () => this.finishDelete(id));
  }

  /** Ends jobs that terminate when all their tasks are complete; one without tasks is such a job (Batch REST: OnAllTasksComplete). */
  review(): void {
    for (const job of this.state.jobs.list()) {
      if (job.state !== "active" || job.spec.onAllTasksComplete?.toLowerCase() !== "terminatejob") continue;
      if (!hasOpen(this.state.taskIndex.countsOf(job.id))) this.beginTerminate(job, "AllTasksComplete");
    }
  }

  private beginTerminate(job: JobRecord, terminateReason: string): JobRecord {
    const terminating: JobRecord = {
      ...moved(job, "terminating"),
      terminateReason,
      lastModified: timestampAfter(job.lastModified),
    };
    this.state.jobs.put(terminating);
    void this.queue(job.id, () => this.finishTerminate(job.id));
    return terminating;
  }

  private async finishTerminate(id: string): Promise<void> {
    this.forgetWallClock(id);
    await this.endRuns(id);
    const job = this.state.jobs.get(id);
    if (this.stopped || job?.state !== "terminating") return;
    const completed = moved(job, "completed");
    // The service does not show terminating as a previous state (recorded), but the one before.
    this.state.jobs.put({ ...completed, previousState: job.previousState, endTime: timestamp() });
    this.onChange();
  }

  private async finishDelete(id: string): Promise<void> {
    this.forgetWallClock(id);
    await this.endRuns(id);
    if (this.stopped) return;
    const job = this.get(id);
    // Whoever finds its files gone after a crash has to find it deleting, too.
    await this.state.written();
    // On any node: the job may have moved from pool to pool.
    for (const node of this.state.nodes.list())
      await removeFolder(dirname(this.agents.directories(node).job(job.id)));
    for (const task of this.state.tasks.list(id)) this.state.tasks.delete(id, task.id);
    for (const ran of this.state.preparations.list(id)) this.state.preparations.delete(id, ran.nodeId);
    this.state.jobs.delete(id);
    this.onChange();
  }

  private async endRuns(id: string): Promise<void> {
    const job = this.get(id);
    await Promise.all([this.preparations.stopJob(id), this.runs.stopJob(id, "terminate")]);
    if (!this.stopped) await this.preparations.release(job);
  }

  private change(job: JobRecord): JobRecord {
    this.state.jobs.put(job);
    this.watchWallClock(job);
    this.onChange();
    return job;
  }

  /** maxWallClockTime counts from the job's creation. */
  private watchWallClock(job: JobRecord): void {
    this.forgetWallClock(job.id);
    const limitMs = durationMs(job.spec.constraints?.maxWallClockTime ?? "") ?? Infinity;
    const leftMs = Date.parse(job.creationTime) + limitMs - Date.now();
    const expire = (): void => {
      const now = this.state.jobs.get(job.id);
      if (now !== undefined && isLive(now)) this.beginTerminate(now, "MaxWallClockTimeExpiry");
    };
    this.wallClocks.set(job.id.toLowerCase(), after(leftMs, expire));
  }

  private forgetWallClock(id: string): void {
    this.wallClocks.get(id.toLowerCase())?.();
    this.wallClocks.delete(id.toLowerCase());
  }

  private queue(id: string, act: () => Promise<void>): Promise<void> {
    const key = id.toLowerCase();
    // What failed before was told to whoever asked for it.
    const before = this.endings.get(key)?.catch(() => undefined) ?? Promise.resolve();
    const done = before.then(act);
    this.endings.set(key, done);
    return done.finally(() => {
      if (this.endings.get(key) === done) this.endings.delete(key);
    });
  }
}
