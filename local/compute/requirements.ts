/** What compute demands of a pool, a job and a task before it accepts them: the service's rules, and what the local cloud can do. */
import type { BatchServiceModels } from "@azure/batch";
import { checkFormula, checkInterval } from "./autoscale/requirements";
import { durationMs } from "./duration";
import { invalidProperty, notSupported } from "./failure";
import { checkResourceFiles, checkSize } from "./resourceFiles";
import type { PoolSpec } from "./state";
import { vCpusOf } from "./vCpus";

/** Batch REST: ids are 1 to 64 letters, digits, hyphens and underscores. */
export function checkId(property: string, id: string): void {
  if (!/^[\w-]{1,64}$/.test(id))
    throw invalidProperty(property, id, "1 to 64 letters, digits, hyphens and underscores are allowed.");
}

/** Batch REST: a display name has up to 1024 characters of any kind. */
function checkDisplayName(name: string | undefined): void {
  if (name !== undefined && name.length > 1024)
    throw invalidProperty("displayName", `${name.length} characters`, "The maximum is 1024 characters.");
}

export function checkPool(spec: PoolSpec): void {
  checkDisplayName(spec.displayName);
  refuse("pool", spec, ["applicationPackageReferences", "certificateReferences", "mountConfiguration"]);
  if (spec.cloudServiceConfiguration !== undefined) throw notSupported("pool.cloudServiceConfiguration");
  if (spec.virtualMachineConfiguration === undefined)
    throw invalidProperty("virtualMachineConfiguration", "", "A pool needs a virtual machine configuration.");
  refuse("pool.virtualMachineConfiguration", spec.virtualMachineConfiguration, ["containerConfiguration"]);
  checkScale(spec);
  checkRange("taskSlotsPerNode", spec.taskSlotsPerNode, 1, Math.min(4 * (vCpusOf(spec.vmSize) ?? 64), 256));
  const resizeTimeoutMs = durationMs(spec.resizeTimeout ?? "");
  if (resizeTimeoutMs !== undefined && resizeTimeoutMs < 300_000)
    throw invalidProperty("resizeTimeout", spec.resizeTimeout ?? "", "The minimum is 5 minutes.");
  if (spec.startTask === undefined) return;
  refuse("pool.startTask", spec.startTask, ["containerSettings"]);
  checkRange("maxTaskRetryCount", spec.startTask.maxTaskRetryCount, -1, Infinity);
  checkResourceFiles(spec.startTask.resourceFiles);
  checkSize("startTask", spec.startTask);
}

export function checkJob(spec: BatchServiceModels.JobAddParameter): void {
  checkDisplayName(spec.displayName);
  refuse("job", spec, ["allowTaskPreemption", "networkConfiguration"]);
  refuse("job.poolInfo", spec.poolInfo, ["autoPoolSpecification"]);
  if (spec.poolInfo.poolId === undefined)
    throw invalidProperty("poolInfo", "", "A poolId must be specified.");
  checkId("poolInfo.poolId", spec.poolInfo.poolId);
  checkRange("priority", spec.priority, -1000, 1000);
  checkRange("constraints.maxTaskRetryCount", spec.constraints?.maxTaskRetryCount, -1, Infinity);
  if (spec.maxParallelTasks !== -1) checkRange("maxParallelTasks", spec.maxParallelTasks, 1, Infinity);
  const { jobPreparationTask: preparation, jobReleaseTask: release } = spec;
  if (release !== undefined && preparation === undefined)
    throw invalidProperty("jobReleaseTask", "", "A job release task needs a job preparation task.");
  for (const [name, task] of Object.entries({ jobPreparationTask: preparation, jobReleaseTask: release })) {
    if (task === undefined) continue;
    refuse(`job.${name}`, task, ["containerSettings"]);
    checkResourceFiles(task.resourceFiles);
    if (task.id !== undefined) checkId(`${name}.id`, task.id);
  }
  const releaseMs = durationMs(release?.maxWallClockTime ?? "");
  if (releaseMs !== undefined && releaseMs > 900_000)
    throw invalidProperty("maxWallClockTime", release?.maxWallClockTime ?? "", "The maximum is 15 minutes.");
}

export function checkTask(spec: BatchServiceModels.TaskAddParameter): void {
  checkId("id", spec.id);
  checkDisplayName(spec.displayName);
  refuse("task", spec, [
    "containerSettings",
    "multiInstanceSettings",
    "applicationPackageReferences",
    "authenticationTokenSettings",
  ]);
  checkRange("requiredSlots", spec.requiredSlots, 1, 256);
  checkTaskConstraints(spec.constraints);
  checkResourceFiles(spec.resourceFiles);
  for (const output of spec.outputFiles ?? []) {
    if (output.destination.container === undefined)
      throw invalidProperty("destination", "", "An output file needs a container.");
    refuse("task.outputFiles.container", output.destination.container, ["uploadHeaders"]);
  }
}

export function checkTaskConstraints(constraints: BatchServiceModels.TaskConstraints | undefined): void {
  checkRange("maxTaskRetryCount", constraints?.maxTaskRetryCount, -1, Infinity);
}

/** A pool is either of a fixed size or has a formula (Batch REST: Pool_Add). */
function checkScale(spec: PoolSpec): void {
  const hasTarget = spec.targetDedicatedNodes !== undefined || spec.targetLowPriorityNodes !== undefined;
  if (spec.enableAutoScale === true && hasTarget)
    throw invalidProperty("targetDedicatedNodes", "", "A pool with enableAutoScale has no target.");
  if (spec.enableAutoScale === true && spec.autoScaleFormula === undefined)
    throw invalidProperty("autoScaleFormula", "", "A pool with enableAutoScale needs a formula.");
  if (spec.enableAutoScale !== true && spec.autoScaleFormula !== undefined)
    throw invalidProperty("autoScaleFormula", "", "A formula needs enableAutoScale.");
  if (spec.autoScaleFormula !== undefined) checkFormula(spec.autoScaleFormula);
  if (spec.autoScaleEvaluationInterval !== undefined) checkInterval(spec.autoScaleEvaluationInterval);
  checkRange("targetDedicatedNodes", spec.targetDedicatedNodes, 0, Infinity);
  checkRange("targetLowPriorityNodes", spec.targetLowPriorityNodes, 0, Infinity);
}

function checkRange(property: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw invalidProperty(
    property,
    String(value),
    `A whole number from ${least} to ${most === Infinity ? "any" : most} is expected.`,
  );
}

/** Refuses properties that would change what happens and that the local cloud cannot follow; an empty list or false changes nothing. */
function refuse<T extends object>(where: string, value: T, properties: readonly (keyof T & string)[]): void {
  for (const property of properties) {
    const given: unknown = value[property];
    const isEmpty = given === undefined || given === false || (Array.isArray(given) && given.length === 0);
    if (!isEmpty) throw notSupported(`${where}.${property}`);
  }
}
