/**
 * What the job step looks at of Batch's pools, nodes, jobs and tasks: plain values, enums in lower case, because the
 * service answers them in mixed case, against the SDK's typings.
 */
import type { BatchServiceModels } from "@azure/batch";

export interface PoolView {
  readonly id: string;
  readonly state: string;
  readonly allocationState: string;
  readonly vmSize: string;
  readonly slotsPerNode: number;
  readonly currentNodes: number;
  readonly targetNodes: number;
  /** Null: a pool of fixed size. */
  readonly autoscale: { readonly formula: string; readonly error: string | null } | null;
  /** "AccountCoreQuotaReached: …" of the last resize. */
  readonly resizeErrors: readonly string[];
  readonly eTag: string | null;
}

export interface FailureView {
  readonly code: string;
  readonly message: string;
}

export interface NodeView {
  readonly id: string;
  readonly state: string;
  /** Why the start task failed; null while it has not. */
  readonly startTaskFailure: FailureView | null;
  readonly errors: readonly string[];
}

export interface JobView {
  readonly id: string;
  readonly poolId: string;
  readonly state: string;
  /** All tasks are added: the job ends by itself when they are done. */
  readonly sealed: boolean;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly terminateReason: string | null;
  /** Of the job as it was read: a change that names it is refused when the job has changed since. */
  readonly eTag: string | null;
}

export interface TaskView {
  readonly id: string;
  readonly state: string;
  readonly succeeded: boolean;
  readonly exitCode: number | null;
  readonly failure: FailureView | null;
  /** Tries after the first. */
  readonly retries: number;
  readonly nodeId: string | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface TaskCounts {
  readonly active: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** The preparation task of a job on one node. */
export interface PreparationView {
  readonly nodeId: string;
  readonly succeeded: boolean;
  readonly failure: FailureView | null;
}

const lower = (text: string | undefined): string => (text ?? "").toLowerCase();

export function poolView(pool: BatchServiceModels.CloudPool): PoolView {
  const error = pool.autoScaleRun?.error;
  return {
    id: pool.id ?? "",
    state: lower(pool.state),
    allocationState: lower(pool.allocationState),
    vmSize: pool.vmSize ?? "",
    slotsPerNode: pool.taskSlotsPerNode ?? 1,
    currentNodes: (pool.currentDedicatedNodes ?? 0) + (pool.currentLowPriorityNodes ?? 0),
    targetNodes: (pool.targetDedicatedNodes ?? 0) + (pool.targetLowPriorityNodes ?? 0),
    autoscale:
      pool.enableAutoScale === true
        ? { formula: pool.autoScaleFormula ?? "", error: error ? codeAndMessage(error) : null }
        : null,
    resizeErrors: (pool.resizeErrors ?? []).map(codeAndMessage),
    eTag: pool.eTag ?? null,
  };
}

export function nodeView(node: BatchServiceModels.ComputeNode): NodeView {
  const info = node.startTaskInfo;
  const failed = lower(node.state) === "starttaskfailed" || lower(info?.result) === "failure";
  return {
    id: node.id ?? "",
    state: lower(node.state),
    startTaskFailure: failed ? failureView(info?.failureInfo, info?.exitCode) : null,
    errors: (node.errors ?? []).map(codeAndMessage),
  };
}

export function jobView(job: BatchServiceModels.CloudJob): JobView {
  return {
    id: job.id ?? "",
    poolId: job.executionInfo?.poolId ?? job.poolInfo?.poolId ?? "",
    state: lower(job.state),
    sealed: lower(job.onAllTasksComplete) === "terminatejob",
    createdAt: new Date(job.creationTime ?? 0),
    endedAt: job.executionInfo?.endTime ? new Date(job.executionInfo.endTime) : null,
    terminateReason: job.executionInfo?.terminateReason ?? null,
    eTag: job.eTag ?? null,
  };
}

export function taskView(task: BatchServiceModels.CloudTask): TaskView {
  const info = task.executionInfo;
  const completed = lower(task.state) === "completed";
  const succeeded = completed && lower(info?.result) === "success";
  return {
    id: task.id ?? "",
    state: lower(task.state),
    succeeded,
    exitCode: info?.exitCode ?? null,
    failure: completed && !succeeded ? failureView(info?.failureInfo, info?.exitCode) : null,
    retries: info?.retryCount ?? 0,
    nodeId: task.nodeInfo?.nodeId ?? null,
    startedAt: info?.startTime ? new Date(info.startTime) : null,
    endedAt: info?.endTime ? new Date(info.endTime) : null,
  };
}

export function preparationView(
  row: BatchServiceModels.JobPreparationAndReleaseTaskExecutionInformation,
): PreparationView {
  const info = row.jobPreparationTaskExecutionInfo;
  const failed = lower(info?.state) === "completed" && lower(info?.result) === "failure";
  return {
    nodeId: row.nodeId ?? "",
    succeeded: lower(info?.state) === "completed" && !failed,
    failure: failed ? failureView(info?.failureInfo, info?.exitCode) : null,
  };
}

function failureView(
  failure: BatchServiceModels.TaskFailureInformation | undefined,
  exitCode: number | undefined,
): FailureView {
  const message = failure?.message ?? (exitCode === undefined ? "no reason given" : `exit code ${exitCode}`);
  const details = (failure?.details ?? [])
    .filter((each) => !message.includes(each.value ?? ""))
    .map((each) => ` ${each.name ?? ""}: ${each.value ?? ""}.`)
    .join("");
  return { code: failure?.code ?? "Unknown", message: message + details };
}

function codeAndMessage(error: { code?: string; message?: string }): string {
  return `${error.code ?? "Unknown"}: ${error.message ?? "no message"}`;
}

/** "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=1;…": the nodes that an evaluation wants, of both kinds. */
export function wantedNodes({ results = "" }: BatchServiceModels.AutoScaleRun): number {
  const targets = results.matchAll(/\$Target(?:Dedicated|LowPriority)Nodes=(\d+)/g);
  return [...targets].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Over or on its way there: it takes no more work (Batch REST: JobState). */
export function isEnding({ state }: JobView): boolean {
  return ["completed", "terminating", "deleting"].includes(state);
}
