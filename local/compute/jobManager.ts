/** Job managers: the task that a job brings along, first of its tasks, whose end can be the job's (Batch REST: JobManagerTask). */
import type { BatchServiceModels } from "@azure/batch";
import { invalidProperty } from "./failure";
import { checkTask } from "./requirements";
import type { JobRecord, PoolRecord, TaskRecord } from "./state";
import { defaultPreparationId, defaultReleaseId } from "./work";

/** Throws as for a task, and InvalidPropertyValue for the id of the job's preparation or release task. */
export function checkManager(spec: BatchServiceModels.JobAddParameter): void {
  const { jobManagerTask: manager, jobPreparationTask: preparation, jobReleaseTask: release } = spec;
  if (manager === undefined) return;
  checkTask(managerSpec(manager));
  const taken = [
    preparation && (preparation.id ?? defaultPreparationId),
    release && (release.id ?? defaultReleaseId),
  ];
  if (taken.some((id) => id?.toLowerCase() === manager.id.toLowerCase()))
    throw invalidProperty(
      "jobManagerTask.id",
      manager.id,
      "The job's preparation or release task has this id.",
    );
}

/** The manager of a new job as the task that it is. */
export function managerTask(job: JobRecord): TaskRecord | undefined {
  const { jobManagerTask: manager } = job.spec;
  if (manager === undefined) return undefined;
  return {
    jobId: job.id,
    id: manager.id,
    order: 0,
    spec: managerSpec(manager),
    state: "active",
    stateTransitionTime: job.creationTime,
    creationTime: job.creationTime,
    lastModified: job.creationTime,
    run: { retryCount: 0 },
    requeueCount: 0,
  };
}

export function isManager(job: JobRecord, { id }: TaskRecord): boolean {
  return job.spec.jobManagerTask?.id.toLowerCase() === id.toLowerCase();
}

/** Whether the end of a task is its job's, which it is unless the manager was told otherwise. */
export function endsItsJob(job: JobRecord, task: TaskRecord): boolean {
  return isManager(job, task) && job.spec.jobManagerTask?.killJobOnCompletion !== false;
}

/** Where the manager may run, if it is one: alone on its node, and on any, unless it was told otherwise. */
export function managerNeeds(
  job: JobRecord,
  task: TaskRecord,
): { readonly wholeNode: boolean; readonly dedicated: boolean } | undefined {
  const { jobManagerTask: manager } = job.spec;
  if (manager === undefined || !isManager(job, task)) return undefined;
  return { wholeNode: manager.runExclusive !== false, dedicated: manager.allowLowPriorityNode === false };
}

/** The slots that a task takes of its node. */
export function slotsTaken(job: JobRecord, task: TaskRecord, pool: PoolRecord | undefined): number {
  if (managerNeeds(job, task)?.wholeNode === true) return pool?.spec.taskSlotsPerNode ?? 1;
  return task.spec.requiredSlots ?? 1;
}

function managerSpec(manager: BatchServiceModels.JobManagerTask): BatchServiceModels.TaskAddParameter {
  return {
    id: manager.id,
    displayName: manager.displayName,
    commandLine: manager.commandLine,
    containerSettings: manager.containerSettings,
    resourceFiles: manager.resourceFiles,
    outputFiles: manager.outputFiles,
    environmentSettings: manager.environmentSettings,
    constraints: manager.constraints,
    requiredSlots: manager.requiredSlots,
    userIdentity: manager.userIdentity,
    applicationPackageReferences: manager.applicationPackageReferences,
    authenticationTokenSettings: manager.authenticationTokenSettings,
  };
}
