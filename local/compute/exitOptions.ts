/** Exit options: what the end of a task means for the tasks that depend on it and for its job (Batch REST: ExitConditions). */
import type { BatchServiceModels } from "@azure/batch";
import { invalidProperty } from "./failure";
import { endedByUser } from "./failureInfo";
import type { JobRecord, RunInfo, TaskRecord } from "./state";

/** Throws InvalidPropertyValue for an action that the job does not take, and for a range that ends before it starts. */
export function checkExitConditions(job: JobRecord, spec: BatchServiceModels.TaskAddParameter): void {
  const { exitConditions } = spec;
  for (const { start, end } of exitConditions?.exitCodeRanges ?? [])
    if (start > end)
      throw invalidProperty("exitCodeRanges", `${start}-${end}`, "A range ends where it starts or after.");
  for (const { jobAction, dependencyAction } of allOptions(exitConditions)) {
    if (jobAction !== undefined && job.spec.onTaskFailure !== "performexitoptionsjobaction")
      throw invalidProperty("jobAction", jobAction, "The job's onTaskFailure is noaction.");
    if (dependencyAction !== undefined && job.spec.usesTaskDependencies !== true)
      throw invalidProperty("dependencyAction", dependencyAction, "The job's usesTaskDependencies is false.");
  }
}

/** Whether a task is over, and in a way that lets those that depend on it run: success, unless its options say otherwise. */
export function satisfiesDependents({ state, spec, run }: TaskRecord): boolean {
  if (state !== "completed") return false;
  const fallback = run.result === "success" ? "satisfy" : "block";
  return (optionsFor(spec.exitConditions, run)?.dependencyAction ?? fallback) === "satisfy";
}

/** What the end of a task does to a job whose onTaskFailure is performexitoptionsjobaction: to end it, for a failure, unless its options say otherwise. */
export function jobActionOf({ spec, run }: TaskRecord): BatchServiceModels.JobAction {
  const fallback = run.result === "success" ? "none" : "terminate";
  return optionsFor(spec.exitConditions, run)?.jobAction ?? fallback;
}

/**
 * The first that fits: the exit code alone, in a range, the error before or after the command line, the default. A success that is not listed fits
 * none, and an exit code counts before an upload error. Azure: which condition a task meets that its user ended is not documented; here: the default.
 */
function optionsFor(
  conditions: BatchServiceModels.ExitConditions | undefined,
  { exitCode, failureInfo }: RunInfo,
): BatchServiceModels.ExitOptions | undefined {
  if (conditions === undefined) return undefined;
  const { exitCodes = [], exitCodeRanges = [], preProcessingError, fileUploadError } = conditions;
  if (exitCode !== undefined) {
    const one = exitCodes.find(({ code }) => code === exitCode);
    const listed = one ?? exitCodeRanges.find(({ start, end }) => start <= exitCode && exitCode <= end);
    if (listed !== undefined) return listed.exitOptions;
  }
  if (failureInfo === undefined) return undefined;
  if (failureInfo.code.startsWith("FileUpload")) return fileUploadError ?? conditions.default;
  const neverRan = exitCode === undefined && failureInfo.code !== endedByUser.code;
  return (neverRan ? preProcessingError : undefined) ?? conditions.default;
}

function allOptions(conditions: BatchServiceModels.ExitConditions = {}): BatchServiceModels.ExitOptions[] {
  const { exitCodes = [], exitCodeRanges = [], preProcessingError, fileUploadError } = conditions;
  const listed = [...exitCodes, ...exitCodeRanges].map(({ exitOptions }) => exitOptions);
  return [...listed, preProcessingError, fileUploadError, conditions.default].filter(
    (options) => options !== undefined,
  );
}
