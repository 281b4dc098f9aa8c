/**
 * What a Batch account remembers: pools, nodes, jobs, tasks and preparations. Records are in memory at once and on disk soon after, in the order of
 * their changes: whoever acknowledges something awaits `written` first.
 */
import type { BatchServiceModels } from "@azure/batch";
import type { Targets } from "./autoscale/evaluate";
import type { EvaluationError } from "./autoscale/formula";
import type { TaskIndex } from "./taskIndex";

/** ISO 8601, UTC, with up to seven digits of a second. */
export type Timestamp = string;
export const timestamp = (): Timestamp => new Date().toISOString();

/** A pool in the data plane's words; identities can be attached by the management plane only. */
export interface PoolSpec extends BatchServiceModels.PoolAddParameter {
  readonly identityResourceIds: readonly string[];
}

/** What becomes of the tasks of a node that leaves (Batch REST: ComputeNodeDeallocationOption). */
export type Deallocation = "requeue" | "terminate" | "taskcompletion" | "retaineddata";

/** Why the last resize did not reach its target. */
export interface ResizeError {
  readonly code:
    "AccountCoreQuotaReached" | "AccountLowPriorityCoreQuotaReached" | "AllocationFailed" | "ResizeStopped";
  readonly message: string;
}

export interface PoolRecord {
  readonly id: string;
  readonly spec: PoolSpec;
  readonly state: "active" | "deleting";
  readonly stateTransitionTime: Timestamp;
  readonly allocationState: "steady" | "resizing" | "stopping";
  readonly allocationStateTransitionTime: Timestamp;
  readonly creationTime: Timestamp;
  readonly lastModified: Timestamp;
  /** While it resizes. */
  readonly deallocation?: Deallocation;
  /** Nodes that a resize was told to give back, before all others. */
  readonly chosenNodes?: readonly string[];
  /** While it is steady. */
  readonly resizeErrors?: readonly ResizeError[];
  /** The newest evaluation of the pool's formula. */
  readonly autoScaleRun?: AutoScaleRun;
  /** What the formula wants: the pool's target, in place of the spec's. */
  readonly autoScaleTargets?: Targets;
}

/** An evaluation of a formula (Batch REST: AutoScaleRun). */
export interface AutoScaleRun {
  readonly timestamp: Timestamp;
  readonly results: string;
  readonly error?: EvaluationError;
}

export type NodeState =
  | "creating"
  | "starting"
  | "waitingforstarttask"
  | "starttaskfailed"
  | "idle"
  | "running"
  | "offline"
  | "rebooting"
  | "preempted"
  | "unusable"
  | "leavingpool";

export interface NodeRecord {
  readonly id: string;
  readonly poolId: string;
  readonly isDedicated: boolean;
  readonly state: NodeState;
  readonly stateTransitionTime: Timestamp;
  /** It gets no tasks until somebody enables it again. */
  readonly schedulingDisabled?: true;
  readonly allocationTime: Timestamp;
  readonly lastBootTime?: Timestamp;
  readonly ipAddress: string;
  /** Why it is unusable. */
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
  /** Its pool's at its last boot, which is the one it ran. */
  readonly startTask?: PoolSpec["startTask"];
  readonly startTaskInfo?: SpecialRun;
  readonly totalTasksRun: number;
  readonly totalTasksSucceeded: number;
  readonly recentTasks: readonly TaskPlace[];
}

export interface TaskPlace {
  readonly jobId: string;
  readonly taskId: string;
}

/** What is known of the run of a command line, in the words of the service: a task's, a start task's, a preparation's or a release's. */
export interface RunInfo {
  readonly startTime?: Timestamp;
  readonly endTime?: Timestamp;
  readonly exitCode?: number;
  readonly failureInfo?: FailureInfo;
  readonly retryCount: number;
  readonly lastRetryTime?: Timestamp;
  readonly result?: "success" | "failure";
}

/** A run that has begun: only a task can be completed without. */
export interface StartedRun extends RunInfo {
  readonly startTime: Timestamp;
}

/** The run of a start, preparation or release task. */
export interface SpecialRun extends StartedRun {
  readonly state: "running" | "completed";
}

/** Why a task failed, with the service's codes and letter case (Batch REST: TaskFailureInformation). */
export interface FailureInfo {
  readonly category: "UserError" | "ServerError";
  readonly code: string;
  readonly message: string;
  readonly details?: readonly { readonly name: string; readonly value: string }[];
}

export type JobState =
  "active" | "disabling" | "disabled" | "enabling" | "terminating" | "completed" | "deleting";

/** What becomes of the running tasks of a job that is disabled (Batch REST: DisableJobOption). */
export type DisableTasks = "requeue" | "terminate" | "wait";

export interface JobRecord {
  readonly id: string;
  readonly spec: BatchServiceModels.JobAddParameter;
  readonly poolId: string;
  readonly state: JobState;
  readonly stateTransitionTime: Timestamp;
  readonly previousState?: JobState;
  readonly previousStateTransitionTime?: Timestamp;
  /** While it is disabling. */
  readonly disableTasks?: DisableTasks;
  readonly creationTime: Timestamp;
  readonly lastModified: Timestamp;
  readonly endTime?: Timestamp;
  readonly terminateReason?: string;
}

export type TaskState = "active" | "preparing" | "running" | "completed";

export interface TaskRecord {
  readonly jobId: string;
  readonly id: string;
  /** Order of arrival in the account. */
  readonly order: number;
  readonly spec: BatchServiceModels.TaskAddParameter;
  readonly state: TaskState;
  readonly stateTransitionTime: Timestamp;
  readonly previousState?: TaskState;
  readonly previousStateTransitionTime?: Timestamp;
  readonly creationTime: Timestamp;
  readonly lastModified: Timestamp;
  readonly run: RunInfo;
  readonly requeueCount: number;
  readonly lastRequeueTime?: Timestamp;
  readonly place?: { readonly poolId: string; readonly nodeId: string };
  /** The retention time is over and its directory gone. */
  readonly filesCleanedUp?: true;
}

/** The preparation and release of a job on a node. */
export interface PreparationRecord {
  readonly jobId: string;
  readonly poolId: string;
  readonly nodeId: string;
  /** Boot of the node during which it ran. */
  readonly bootTime: Timestamp;
  readonly preparation: SpecialRun;
  readonly release?: SpecialRun;
}

/** Records of one kind by their ids, which Batch compares without regard to case. */
export interface Records<T> {
  get(...ids: string[]): T | undefined;
  put(record: T): void;
  delete(...ids: string[]): void;
  /** In the order of their ids; all, or those with all these ids but the last. */
  list(...firstIds: string[]): T[];
  /** Those with all these ids but the last, past that one, in the order of their ids, one by one. To be read before any record changes. */
  after(...ids: string[]): Iterable<T>;
}

export interface State {
  readonly pools: Records<PoolRecord>;
  readonly nodes: Records<NodeRecord>;
  readonly jobs: Records<JobRecord>;
  readonly tasks: Records<TaskRecord>;
  readonly taskIndex: TaskIndex;
  readonly preparations: Records<PreparationRecord>;
  /** Resolves when all changes so far are on disk, and survive the end of this process whatever it is. */
  written(): Promise<void>;
}
