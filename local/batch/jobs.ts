/** Job operations, and jobs as the service shows them. */
import type { BatchServiceModels } from "@azure/batch";
import { infiniteDuration } from "../compute/duration";
import type { JobRecord, PreparationRecord, SpecialRun } from "../compute/state";
import { defaultPreparationId, defaultReleaseId } from "../compute/work";
import { parseBody, parseOptionalBody } from "./body";
import { type Call, type Handler, type OnWire, param, written } from "./call";
import { demandConditions, eTagOf, tagHeaders, unlessUnchanged } from "./etag";
import { wireDirectory } from "./nodes";
import { element, idKey, type ListRules, page } from "./odata/answers";
import { equality, type FilterRules, id, number, time, word } from "./odata/filter";
import { constraintsOf } from "./tasks";

type WireJob = OnWire<BatchServiceModels.CloudJob>;
type WirePreparation = OnWire<BatchServiceModels.JobPreparationAndReleaseTaskExecutionInformation>;

const kind: ListRules<JobRecord> = {
  name: "jobs",
  selects: "CloudJob",
  expands: true,
  keyOf: idKey,
  filters: {
    id: id((job) => job.id),
    state: word(["eq"], (job) => job.state),
    stateTransitionTime: time((job) => job.stateTransitionTime),
    creationTime: time((job) => job.creationTime),
    lastModified: time((job) => job.lastModified),
    "executionInfo/startTime": time((job) => job.creationTime),
    "executionInfo/endTime": time((job) => job.endTime),
    "executionInfo/poolId": id((job) => job.poolId),
  },
};

const preparationKind: ListRules<PreparationRecord> = {
  name: "jobpreparationandreleasetaskstatuslist",
  selects: "JobPreparationAndReleaseTaskExecutionInformation",
  expands: false,
  keyOf: (ran) => ran.nodeId.toLowerCase(),
  filters: {
    poolId: word(equality, (ran) => ran.poolId),
    nodeId: word(equality, (ran) => ran.nodeId),
    ...runFilters("jobPreparationTaskExecutionInfo", (ran) => ran.preparation),
    ...runFilters("jobReleaseTaskExecutionInfo", (ran) => ran.release),
  },
};

function runFilters(
  info: string,
  of: (ran: PreparationRecord) => SpecialRun | undefined,
): FilterRules<PreparationRecord> {
  return {
    [`${info}/state`]: word(["eq"], (ran) => of(ran)?.state),
    [`${info}/startTime`]: time((ran) => of(ran)?.startTime),
    [`${info}/endTime`]: time((ran) => of(ran)?.endTime),
    [`${info}/exitCode`]: number((ran) => of(ran)?.exitCode),
    [`${info}/result`]: word(equality, (ran) => of(ran)?.result),
  };
}

/** The service names `jobs/job-1` here, whatever the job's id (recorded in all years). */
export const addJob: Handler = (call) => {
  const job = call.account.jobs.add(parseBody(call.body, "JobAddParameter"));
  const url = `${call.base}/jobs/job-1`;
  return { status: 201, headers: { DataServiceId: url, Location: url, ...tagHeaders(job.lastModified) } };
};

export const listJobs: Handler = (call) =>
  page(call, kind, call.account.jobs.list(), (job) => wireJob(call, job));

export const getJob: Handler = (call) => {
  const job = requestedJob(call);
  const answer = element(call, kind, wireJob(call, job), tagHeaders(job.lastModified));
  return unlessUnchanged(call, job.lastModified, answer);
};

export const patchJob: Handler = (call) => {
  const patch = parseBody(call.body, "JobPatchParameter");
  const job = requestedJob(call);
  demandConditions(call, job.lastModified);
  const patched = call.account.jobs.patch(job.id, patch);
  return written(call, 200, tagHeaders(patched.lastModified));
};

export const updateJob: Handler = (call) => {
  const update = parseBody(call.body, "JobUpdateParameter");
  const job = requestedJob(call);
  demandConditions(call, job.lastModified);
  const updated = call.account.jobs.update(job.id, update);
  return written(call, 200, tagHeaders(updated.lastModified));
};

export const disableJob: Handler = (call) => {
  const { disableTasks } = parseBody(call.body, "JobDisableParameter");
  const job = requestedJob(call);
  demandConditions(call, job.lastModified);
  const disabling = call.account.jobDisabling.disable(job, disableTasks);
  return written(call, 202, tagHeaders(disabling.lastModified));
};

export const enableJob: Handler = (call) => {
  const job = requestedJob(call);
  demandConditions(call, job.lastModified);
  const enabling = call.account.jobDisabling.enable(job);
  return written(call, 202, tagHeaders(enabling.lastModified));
};

export const terminateJob: Handler = (call) => {
  const { terminateReason } = parseOptionalBody(call.body, "JobTerminateParameter");
  const job = requestedJob(call);
  demandConditions(call, job.lastModified);
  const terminating = call.account.jobs.terminate(job.id, terminateReason);
  return written(call, 202, tagHeaders(terminating.lastModified));
};

export const deleteJob: Handler = (call) => {
  const job = requestedJob(call);
  demandConditions(call, job.lastModified);
  void call.account.jobs.delete(job.id);
  return { status: 202 };
};

export const listPreparationAndReleaseTaskStatus: Handler = (call) => {
  const job = requestedJob(call);
  return page(call, preparationKind, call.account.preparations.list(job), (ran) =>
    wirePreparation(call, job, ran),
  );
};

function requestedJob(call: Call): JobRecord {
  return call.account.jobs.get(param(call, "jobId"));
}

function wireJob(call: Call, job: JobRecord): WireJob {
  const { spec } = job;
  return {
    ...spec,
    id: job.id,
    url: `${call.base}/jobs/${job.id}`,
    eTag: eTagOf(job.lastModified),
    lastModified: job.lastModified,
    creationTime: job.creationTime,
    state: job.state,
    stateTransitionTime: job.stateTransitionTime,
    previousState: job.previousState,
    previousStateTransitionTime: job.previousStateTransitionTime,
    priority: spec.priority ?? 0,
    maxParallelTasks: spec.maxParallelTasks ?? -1,
    allowTaskPreemption: false,
    usesTaskDependencies: spec.usesTaskDependencies ?? false,
    constraints: {
      maxWallClockTime: spec.constraints?.maxWallClockTime ?? infiniteDuration,
      maxTaskRetryCount: spec.constraints?.maxTaskRetryCount ?? 0,
    },
    onAllTasksComplete: spec.onAllTasksComplete ?? "noaction",
    onTaskFailure: spec.onTaskFailure ?? "noaction",
    jobManagerTask: spec.jobManagerTask && {
      killJobOnCompletion: true,
      runExclusive: true,
      allowLowPriorityNode: true,
      requiredSlots: 1,
      ...spec.jobManagerTask,
      constraints: constraintsOf(spec.jobManagerTask.constraints, spec.constraints?.maxTaskRetryCount ?? 0),
    },
    jobPreparationTask: spec.jobPreparationTask && {
      waitForSuccess: true,
      rerunOnNodeRebootAfterSuccess: true,
      ...spec.jobPreparationTask,
      id: spec.jobPreparationTask.id ?? defaultPreparationId,
      constraints: constraintsOf(spec.jobPreparationTask.constraints, 0),
    },
    jobReleaseTask: spec.jobReleaseTask && {
      maxWallClockTime: "PT15M",
      retentionTime: "P7D",
      ...spec.jobReleaseTask,
      id: spec.jobReleaseTask.id ?? defaultReleaseId,
    },
    executionInfo: {
      startTime: job.creationTime,
      endTime: job.endTime,
      poolId: job.poolId,
      terminateReason: job.terminateReason,
    },
  };
}

function wirePreparation(call: Call, job: JobRecord, ran: PreparationRecord): WirePreparation {
  const preparationId = job.spec.jobPreparationTask?.id ?? defaultPreparationId;
  const releaseId = job.spec.jobReleaseTask?.id ?? defaultReleaseId;
  return {
    poolId: ran.poolId,
    nodeId: ran.nodeId,
    nodeUrl: `${call.base}/pools/${ran.poolId}/nodes/${ran.nodeId}`,
    jobPreparationTaskExecutionInfo: {
      ...ran.preparation,
      ...wireDirectory(call, ran, job.id, preparationId),
    },
    jobReleaseTaskExecutionInfo: ran.release && {
      ...wireRelease(ran.release),
      ...wireDirectory(call, ran, job.id, releaseId),
    },
  };
}

/** Release tasks are not retried, and the service shows no counts of it. */
function wireRelease({
  state,
  startTime,
  endTime,
  exitCode,
  failureInfo,
  result,
}: SpecialRun): OnWire<BatchServiceModels.JobReleaseTaskExecutionInformation> {
  return { state, startTime, endTime, exitCode, failureInfo, result };
}
