/** Work: what a node runs for a start task, a preparation, a release or a task, put together from what pool and job say. */
import type { BatchServiceModels } from "@azure/batch";
import type { NodeDirectories, TaskDirectory } from "./directories";
import { durationMs } from "./duration";
import { directoryVariables, preparationVariables, settingVariables, taskVariables } from "./environment";
import type { JobRecord, TaskRecord } from "./state";

export interface Work {
  readonly commandLine: string;
  readonly resourceFiles: readonly BatchServiceModels.ResourceFile[];
  readonly outputFiles: readonly BatchServiceModels.OutputFile[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: TaskDirectory;
  /** Tries after the first, for exit codes other than 0 only; -1 is unlimited. */
  readonly maxTaskRetryCount: number;
  /** For each try, its downloads included; Infinity is no limit. */
  readonly maxWallClockMs: number;
}

export const defaultPreparationId = "jobpreparation";
export const defaultReleaseId = "jobrelease";
/** Batch REST, JobReleaseTask: the default and the maximum. */
const releaseMaxWallClockTime = "PT15M";

export function startTaskWork(startTask: BatchServiceModels.StartTask, { startup }: NodeDirectories): Work {
  return {
    commandLine: startTask.commandLine,
    resourceFiles: startTask.resourceFiles ?? [],
    outputFiles: [],
    environment: { ...settingVariables(startTask.environmentSettings), ...directoryVariables(startup) },
    directory: startup,
    maxTaskRetryCount: startTask.maxTaskRetryCount ?? 0,
    maxWallClockMs: Infinity,
  };
}

/** Azure: the directory is deleted after the task's retentionTime; here: with the job or the node. */
export function preparationWork(
  job: JobRecord,
  task: BatchServiceModels.JobPreparationTask,
  directories: NodeDirectories,
): Work {
  return {
    ...workInJob(job, task.id ?? defaultPreparationId, task, directories),
    maxTaskRetryCount: task.constraints?.maxTaskRetryCount ?? 0,
    maxWallClockMs: limitMs(task.constraints?.maxWallClockTime),
  };
}

/** Azure: the directory is deleted after the task's retentionTime; here: with the job or the node. */
export function releaseWork(
  job: JobRecord,
  task: BatchServiceModels.JobReleaseTask,
  directories: NodeDirectories,
): Work {
  const work = workInJob(job, task.id ?? defaultReleaseId, task, directories);
  return {
    ...work,
    environment: { ...work.environment, ...preparationPlace(job, directories) },
    maxTaskRetryCount: 0,
    maxWallClockMs: limitMs(task.maxWallClockTime ?? releaseMaxWallClockTime),
  };
}

export function taskWork(job: JobRecord, { id, spec }: TaskRecord, directories: NodeDirectories): Work {
  const work = workInJob(job, id, spec, directories);
  return {
    ...work,
    outputFiles: spec.outputFiles ?? [],
    environment: { ...work.environment, ...preparationPlace(job, directories) },
    maxTaskRetryCount: spec.constraints?.maxTaskRetryCount ?? job.spec.constraints?.maxTaskRetryCount ?? 0,
    maxWallClockMs: limitMs(spec.constraints?.maxWallClockTime),
  };
}

/** What all tasks of a job have in common. */
function workInJob(
  job: JobRecord,
  taskId: string,
  task: Pick<BatchServiceModels.TaskAddParameter, "commandLine" | "resourceFiles" | "environmentSettings">,
  directories: NodeDirectories,
): Omit<Work, "maxTaskRetryCount" | "maxWallClockMs"> {
  const directory = directories.task(job.id, taskId);
  return {
    commandLine: task.commandLine,
    resourceFiles: task.resourceFiles ?? [],
    outputFiles: [],
    environment: {
      ...settingVariables(job.spec.commonEnvironmentSettings),
      ...settingVariables(task.environmentSettings),
      ...taskVariables(job.id, taskId),
      ...directoryVariables(directory),
    },
    directory,
  };
}

function preparationPlace(job: JobRecord, directories: NodeDirectories): Record<string, string> {
  const preparation = job.spec.jobPreparationTask;
  if (preparation === undefined) return {};
  return preparationVariables(directories.task(job.id, preparation.id ?? defaultPreparationId));
}

function limitMs(maxWallClockTime: string | undefined): number {
  return durationMs(maxWallClockTime ?? "") ?? Infinity;
}
