/** Task runs: every task that is on a node now, from preparing to its last word. */
import { removeFolder } from "../removal";
import type { Execution } from "./execution";
import { endedByUser, failed, unknownFailure } from "./failureInfo";
import { isManager, slotsTaken } from "./jobManager";
import type { NodeAgents } from "./nodeAgents";
import { isUp, stateUp } from "./nodeState";
import type { Preparations } from "./preparations";
import type { Retention } from "./retention";
import {
  type JobRecord,
  type NodeRecord,
  type RunInfo,
  type State,
  type TaskRecord,
  timestamp,
} from "./state";
import { ended, moved, requeued, waitingAgain } from "./taskState";
import { taskWork } from "./work";

/**
 * Why a run is stopped, and what becomes of its task: `terminate` completes it as ended by its user, `requeue` makes it active again,
 * `delete` and `shutdown` leave the record to the caller and to the next start.
 */
export type StopReason = "terminate" | "requeue" | "delete" | "shutdown";

interface Run {
  readonly jobId: string;
  readonly taskId: string;
  readonly nodeId: string;
  readonly slots: number;
  readonly isManager: boolean;
  stopReason?: StopReason;
  execution?: Execution;
  /** Settles a wait for the preparation when the run is stopped. */
  readonly stopping: AbortController;
  done: Promise<void>;
}

const recentTasks = 10;

export class TaskRuns {
  private readonly runs = new Set<Run>();

  constructor(
    private readonly state: State,
    private readonly agents: NodeAgents,
    private readonly preparations: Preparations,
    private readonly retention: Retention,
    private readonly onEnd: (task: TaskRecord) => void,
    private readonly onChange: () => void,
  ) {}

  start(task: TaskRecord, node: NodeRecord): void {
    const job = this.state.jobs.get(task.jobId);
    if (job === undefined) return;
    const run: Run = {
      jobId: task.jobId,
      taskId: task.id,
      nodeId: node.id,
      slots: slotsTaken(job, task, this.state.pools.get(node.poolId)),
      isManager: isManager(job, task),
      stopping: new AbortController(),
      done: Promise.resolve(),
    };
    this.runs.add(run);
    const prepares = job.spec.jobPreparationTask !== undefined;
    this.state.tasks.put({
      ...moved(task, prepares ? "preparing" : "running"),
      place: { poolId: node.poolId, nodeId: node.id },
      run: { retryCount: 0 },
    });
    this.showLoad(node);
    run.done = this.perform(run, job, node)
      .catch((error: unknown) => this.complete(run, node, faulty(error)))
      .then(() => {
        this.runs.delete(run);
        this.showLoad(node);
        this.onChange();
      });
  }

  slotsInUse(nodeId: string): number {
    return this.on(nodeId).reduce((slots, run) => slots + run.slots, 0);
  }

  tasksOn(nodeId: string): number {
    return this.on(nodeId).length;
  }

  /** Whether a job's manager is among them. */
  runsManager(nodeId: string): boolean {
    return this.on(nodeId).some((run) => run.isManager);
  }

  tasksRunning(jobId: string): number {
    return [...this.runs].filter((run) => same(run.jobId, jobId)).length;
  }

  stopTask(jobId: string, taskId: string, reason: StopReason): Promise<void> {
    return this.stopWhere((run) => same(run.jobId, jobId) && same(run.taskId, taskId), reason);
  }

  stopJob(jobId: string, reason: StopReason): Promise<void> {
    return this.stopWhere((run) => same(run.jobId, jobId), reason);
  }

  stopNode(nodeId: string, reason: StopReason): Promise<void> {
    return this.stopWhere((run) => run.nodeId === nodeId, reason);
  }

  stop(): Promise<void> {
    return this.stopWhere(() => true, "shutdown");
  }

  /** Waits until a node's tasks have ended by themselves. */
  async untilIdle(nodeId: string): Promise<void> {
    await Promise.all(this.on(nodeId).map((run) => run.done));
  }

  /** Waits until a job's tasks, if any run, have ended by themselves. */
  async untilJobIdle(jobId: string): Promise<void> {
    await Promise.all([...this.runs].filter((run) => same(run.jobId, jobId)).map((run) => run.done));
  }

  private on(nodeId: string): Run[] {
    return [...this.runs].filter((run) => run.nodeId === nodeId);
  }

  private async stopWhere(which: (run: Run) => boolean, reason: StopReason): Promise<void> {
    const chosen = [...this.runs].filter(which);
    for (const run of chosen) {
      run.stopReason ??= reason;
      run.stopping.abort();
      run.execution?.stop();
    }
    await Promise.all(chosen.map((run) => run.done));
  }

  private async perform(run: Run, job: JobRecord, node: NodeRecord): Promise<void> {
    const ready = await Promise.race([this.preparations.ensure(job, node), aborted(run.stopping.signal)]);
    const task = this.state.tasks.get(run.jobId, run.taskId);
    if (task === undefined) return;
    if (run.stopReason !== undefined) {
      this.settleStopped(run, {});
      return;
    }
    // The node is closed to the job now; the task waits for another one (Batch REST: JobPreparationTask.waitForSuccess).
    if (!ready) {
      this.state.tasks.put(waitingAgain(task));
      return;
    }
    if (task.state === "preparing") this.state.tasks.put(moved(task, "running"));
    const work = taskWork(job, task, this.agents.directories(node));
    // A task that began and was not known to run would, after a crash, run again as if it had not.
    await Promise.all([removeFolder(work.directory.path), this.state.written()]);
    run.execution = this.agents.run(node, work, (info) => this.change(run, (now) => ({ ...now, run: info })));
    if (run.stopping.signal.aborted) run.execution.stop();
    const end = await run.execution.ended;
    if (end.stopped) this.settleStopped(run, end.run);
    else this.complete(run, node, end.run);
  }

  private settleStopped(run: Run, info: Partial<RunInfo>): void {
    switch (run.stopReason) {
      case "terminate":
        this.change(run, (task) => ended(task, { ...task.run, ...info, ...failed(endedByUser) }));
        return;
      case "requeue":
        this.change(run, requeued);
        return;
      case "delete":
      case "shutdown":
      case undefined:
        return;
    }
  }

  private complete(run: Run, node: NodeRecord, info: RunInfo): void {
    this.change(run, (task) => ended(task, info));
    const now = this.state.nodes.get(node.poolId, node.id);
    if (now === undefined) return;
    this.state.nodes.put({
      ...now,
      totalTasksRun: now.totalTasksRun + 1,
      totalTasksSucceeded: now.totalTasksSucceeded + (info.result === "success" ? 1 : 0),
      recentTasks: [{ jobId: run.jobId, taskId: run.taskId }, ...now.recentTasks].slice(0, recentTasks),
    });
  }

  private change(run: Run, next: (task: TaskRecord) => TaskRecord): void {
    const task = this.state.tasks.get(run.jobId, run.taskId);
    if (task === undefined) return;
    const changed = next(task);
    this.state.tasks.put(changed);
    if (changed.state !== "completed") return;
    this.retention.watch(changed);
    this.onEnd(changed);
  }

  /** A node that is up is `running` with at least one task. */
  private showLoad(node: NodeRecord): void {
    const now = this.state.nodes.get(node.poolId, node.id);
    if (now === undefined || !isUp(now)) return;
    const state = stateUp(now, this.tasksOn(node.id));
    if (state !== now.state) this.state.nodes.put({ ...now, state, stateTransitionTime: timestamp() });
  }
}

const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function aborted(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(false), { once: true }));
}

function faulty(error: unknown): RunInfo {
  return { retryCount: 0, endTime: timestamp(), ...failed(unknownFailure(String(error))) };
}
