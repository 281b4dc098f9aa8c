/** BatchFailure: everything compute refuses, by the service's own error codes and words. What status they get is batch/'s business. */

import type { RebootObstacle } from "./nodeState";

/** Codes of the service that compute raises (Batch REST: "Batch status and error codes"). */
export type FailureCode =
  | "InvalidPropertyValue"
  | "RequestEntityTooLarge"
  | "NotImplemented"
  | "OperationInvalidForCurrentState"
  | "PoolNotFound"
  | "PoolExists"
  | "PoolBeingDeleted"
  | "PoolBeingResized"
  | "PoolQuotaReached"
  | "PropertyCannotBeUpdated"
  | "AutoScalingFormulaSyntaxError"
  | "AutoScalingFormulaTooLong"
  | "InvalidAutoScalingSettings"
  | "TooManyEnableAutoScaleRequests"
  | "NodeNotFound"
  | "NodeBeingCreated"
  | "NodeBeingStarted"
  | "NodeBeingRebooted"
  | "NodeStateUnusable"
  | "NodeNotReady"
  | "NodeAlreadyInTargetSchedulingState"
  | "OperationNotValidOnNode"
  | "JobNotFound"
  | "JobExists"
  | "ActiveJobAndScheduleQuotaReached"
  | "JobCompleted"
  | "JobBeingTerminated"
  | "JobBeingDeleted"
  | "JobPreparationTaskNotSpecified"
  | "TaskNotFound"
  | "TaskExists"
  | "TaskCompleted"
  | "TaskNotCompleted"
  | "TaskSucceeded"
  | "TaskDependenciesNotSpecifiedOnJob"
  | "TaskDependencyListTooLong"
  | "TaskIdSameAsJobPreparationTask"
  | "TaskIdSameAsJobReleaseTask"
  | "TaskFilesUnavailable"
  | "TaskFilesCleanedup"
  | "FileNotFound"
  | "IOError"
  | "InvalidRange";

export interface FailureDetail {
  readonly key: string;
  readonly value: string;
}

export class BatchFailure extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly details: readonly FailureDetail[] = [],
  ) {
    super(message);
  }
}

const invalidForState = "The specified operation is not valid for the current state of the resource.";

const about = (key: string, value: string): FailureDetail[] => [{ key, value }];

export const invalidProperty = (name: string, value: string, reason: string): BatchFailure =>
  new BatchFailure(
    "InvalidPropertyValue",
    "The value provided for one of the properties in the request body is invalid.",
    [
      { key: "PropertyName", value: name },
      { key: "PropertyValue", value },
      { key: "Reason", value: reason },
    ],
  );

/** The reason's words as people met them (Azure/BatchExplorer#30); the code is the reference's (Batch REST: ResourceFile lists, StartTask). */
export const entityTooLarge = (property: string, mostCharacters: number): BatchFailure =>
  new BatchFailure("RequestEntityTooLarge", "A property of the request body is too large.", [
    ...about("PropertyName", property),
    ...about("Reason", `Total size of ${property} cannot be more than ${mostCharacters} characters`),
  ]);

/** For what the service can do and this local cloud cannot. */
export const notSupported = (what: string): BatchFailure =>
  new BatchFailure("NotImplemented", `The local cloud does not support ${what}.`, about("Feature", what));

export const poolNotFound = (id: string): BatchFailure =>
  new BatchFailure("PoolNotFound", "The specified pool does not exist.", about("PoolId", id));
export const poolExists = (id: string): BatchFailure =>
  new BatchFailure("PoolExists", "The specified pool already exists.", about("PoolId", id));
export const poolBeingDeleted = (id: string): BatchFailure =>
  new BatchFailure("PoolBeingDeleted", "The specified pool is being deleted.", about("PoolId", id));
export const poolBeingResized = (id: string): BatchFailure =>
  new BatchFailure("PoolBeingResized", "The specified pool is being resized.", about("PoolId", id));
export const poolQuotaReached = (quota: number): BatchFailure =>
  new BatchFailure("PoolQuotaReached", "Pool quota for the account has been reached.", [
    ...about("PoolQuota", String(quota)),
  ]);
/** Batch REST, Pool_Resize: "an error 409" for a pool that scales automatically; which code is not documented, so this is the general one. */
export const poolScalesItself = (id: string): BatchFailure =>
  new BatchFailure("OperationInvalidForCurrentState", invalidForState, [
    ...about("PoolId", id),
    ...about("Reason", "The pool is configured for automatic scaling."),
  ]);
/** Batch REST, Pool_EvaluateAutoScale: "the pool must have auto scaling enabled"; which code is not documented either. */
export const poolNotScaling = (id: string): BatchFailure =>
  new BatchFailure("OperationInvalidForCurrentState", invalidForState, [
    ...about("PoolId", id),
    ...about("Reason", "The pool is not configured for automatic scaling."),
  ]);
/** Where and what, as in an evaluation's error. */
export const autoScalingFormulaSyntaxError = (mistake: string): BatchFailure =>
  new BatchFailure(
    "AutoScalingFormulaSyntaxError",
    "The specified auto-scaling formula has a syntax error.",
    about("Message", mistake),
  );
export const autoScalingFormulaTooLong = (excess: string): BatchFailure =>
  new BatchFailure(
    "AutoScalingFormulaTooLong",
    "The specified auto-scaling formula exceeds lengths limit.",
    about("Reason", excess),
  );
export const invalidAutoScalingSettings = (reason: string): BatchFailure =>
  new BatchFailure(
    "InvalidAutoScalingSettings",
    "The specified auto-scaling settings are not valid.",
    about("Reason", reason),
  );
export const tooManyEnableAutoScaleRequests = (id: string): BatchFailure =>
  new BatchFailure(
    "TooManyEnableAutoScaleRequests",
    "Requests to enable automatic scaling of the same pool must be separated by at least 30 seconds.",
    about("PoolId", id),
  );
/** Batch REST, Pool_StopResize, says nothing of a pool that is steady: the general code for a state. */
export const poolNotResizing = (id: string): BatchFailure =>
  new BatchFailure("OperationInvalidForCurrentState", invalidForState, [
    ...about("PoolId", id),
    ...about("Reason", "The pool is not being resized."),
  ]);
/** Raised for the management plane, with its words and details (Azure/Batch#85: `properties.networkConfiguration`). */
export const propertyCannotBeUpdated = (property: string): BatchFailure =>
  new BatchFailure("PropertyCannotBeUpdated", propertyFixed, [
    ...about("Reason", propertyFixed),
    ...about("PropertyName", property),
    ...about("PropertyPath", property === "identity" ? property : `properties.${property}`),
  ]);
const propertyFixed = "A property that cannot be updated was specified as part of the request.";

export const nodeNotFound = (id: string): BatchFailure =>
  new BatchFailure("NodeNotFound", "The specified node does not exist.", about("NodeId", id));
/** `code` says which of the states that do not allow the operation the node is in. */
export const nodeNotInState = (code: RebootObstacle, id: string, state: string): BatchFailure =>
  new BatchFailure(code, `The operation is not valid for a node in state ${state}.`, about("NodeId", id));
export const nodeAlreadyInSchedulingState = (id: string, state: string): BatchFailure =>
  new BatchFailure(
    "NodeAlreadyInTargetSchedulingState",
    `Task scheduling is already ${state} on the specified node.`,
    about("NodeId", id),
  );
export const nodeNotReady = (id: string): BatchFailure =>
  new BatchFailure(
    "NodeNotReady",
    "Node is not able to perform the requested operations in its current state.",
    about("NodeId", id),
  );

export const jobNotFound = (id: string): BatchFailure =>
  new BatchFailure("JobNotFound", "The specified job does not exist.", about("JobId", id));
export const jobExists = (id: string): BatchFailure =>
  new BatchFailure("JobExists", "The specified job already exists.", about("JobId", id));
export const activeJobQuotaReached = (quota: number): BatchFailure =>
  new BatchFailure(
    "ActiveJobAndScheduleQuotaReached",
    "The account has reached its quota of active jobs and job schedules.",
    about("ActiveJobAndScheduleQuota", String(quota)),
  );
export const jobCompleted = (id: string): BatchFailure =>
  new BatchFailure("JobCompleted", "The specified job is already in a completed state.", about("JobId", id));
export const jobBeingTerminated = (id: string): BatchFailure =>
  new BatchFailure("JobBeingTerminated", "The specified job is being terminated.", about("JobId", id));
export const jobBeingDeleted = (id: string): BatchFailure =>
  new BatchFailure("JobBeingDeleted", "The specified job is being deleted.", about("JobId", id));
/**
 * For what only a disabled job allows. Batch REST lists no code of its own for it: the update of a job's pool "will fail" while the job is not
 * disabled, so this is the general code for a state.
 */
export const jobNotInState = (id: string, state: string): BatchFailure =>
  new BatchFailure("OperationInvalidForCurrentState", invalidForState, [
    ...about("JobId", id),
    ...about("JobState", state),
  ]);
export const jobPreparationTaskNotSpecified = (id: string): BatchFailure =>
  new BatchFailure(
    "JobPreparationTaskNotSpecified",
    "The specified job has no job preparation task.",
    about("JobId", id),
  );

export const taskNotFound = (jobId: string, id: string): BatchFailure =>
  new BatchFailure("TaskNotFound", "The specified task does not exist.", [
    ...about("JobId", jobId),
    ...about("TaskId", id),
  ]);
export const taskExists = (id: string): BatchFailure =>
  new BatchFailure("TaskExists", "The specified task already exists.", about("TaskId", id));
export const taskCompleted = (id: string): BatchFailure =>
  new BatchFailure(
    "TaskCompleted",
    "The specified task is already in a completed state.",
    about("TaskId", id),
  );
export const taskNotCompleted = (id: string): BatchFailure =>
  new BatchFailure("TaskNotCompleted", "The specified task is not completed.", about("TaskId", id));
export const taskSucceeded = (id: string): BatchFailure =>
  new BatchFailure("TaskSucceeded", "The specified task completed successfully.", about("TaskId", id));
export const dependenciesNotSpecifiedOnJob = (jobId: string): BatchFailure =>
  new BatchFailure(
    "TaskDependenciesNotSpecifiedOnJob",
    "A task of a job can depend on others only if the job's usesTaskDependencies is true.",
    about("JobId", jobId),
  );
export const dependencyListTooLong = (mostCharacters: number): BatchFailure =>
  new BatchFailure(
    "TaskDependencyListTooLong",
    "The ids of the tasks that the task depends on are too long together; ranges of ids are shorter.",
    about("MaxLimit", String(mostCharacters)),
  );
export const taskIdSameAsJobPreparationTask = (id: string): BatchFailure =>
  new BatchFailure(
    "TaskIdSameAsJobPreparationTask",
    "The task id is the job preparation task's.",
    about("TaskId", id),
  );
export const taskIdSameAsJobReleaseTask = (id: string): BatchFailure =>
  new BatchFailure(
    "TaskIdSameAsJobReleaseTask",
    "The task id is the job release task's.",
    about("TaskId", id),
  );
export const taskFilesUnavailable = (id: string): BatchFailure =>
  new BatchFailure(
    "TaskFilesUnavailable",
    "The task's files are unavailable: it has not run, or its node is gone.",
    about("TaskId", id),
  );
export const taskFilesCleanedUp = (id: string): BatchFailure =>
  new BatchFailure(
    "TaskFilesCleanedup",
    "The task's files were deleted when its retention time was over.",
    about("TaskId", id),
  );

export const fileNotFound = (path: string): BatchFailure =>
  new BatchFailure("FileNotFound", "The specified file does not exist.", about("FilePath", path));
/** Azure: 400 or 403, no word on which code; here: the reference's only one for files that cannot be dealt with. */
export const fileIsDirectory = (path: string): BatchFailure => ioError(path, "It is a directory.");
/** Batch REST, File_DeleteFromTask: without recursive "the directory must be empty or deletion will fail"; no word on which code. */
export const directoryNotEmpty = (path: string): BatchFailure =>
  ioError(path, "The directory is not empty, and recursive is false.");
const ioError = (path: string, reason: string): BatchFailure =>
  new BatchFailure("IOError", "The operation cannot be performed on the specified file.", [
    ...about("FilePath", path),
    ...about("Reason", reason),
  ]);
export const invalidRange = (range: string): BatchFailure =>
  new BatchFailure("InvalidRange", "The range specified is invalid for the file.", about("Range", range));
