/** What a patch or an update makes of a job. */
import type { BatchServiceModels } from "@azure/batch";
import { invalidProperty, jobNotInState } from "./failure";
import { checkJob } from "./requirements";
import type { JobRecord } from "./state";
import { timestampAfter } from "./ticks";

type JobSpec = JobRecord["spec"];

/** What is given replaces what was there, `constraints` as a whole (recorded). */
export function patched(job: JobRecord, patch: BatchServiceModels.JobPatchParameter): JobRecord {
  return changed(job, { ...job.spec, ...patch, poolInfo: patch.poolInfo ?? job.spec.poolInfo });
}

/** What is not given goes back to its default (Batch REST: Job_Update). */
export function updated(job: JobRecord, update: BatchServiceModels.JobUpdateParameter): JobRecord {
  return changed(job, {
    ...job.spec,
    priority: update.priority ?? 0,
    maxParallelTasks: update.maxParallelTasks ?? -1,
    allowTaskPreemption: update.allowTaskPreemption,
    constraints: update.constraints,
    metadata: update.metadata,
    onAllTasksComplete: update.onAllTasksComplete ?? "noaction",
    poolInfo: update.poolInfo,
  });
}

function changed(job: JobRecord, spec: JobSpec): JobRecord {
  checkJob(spec);
  checkOnAllTasksComplete(job.spec, spec);
  const poolId = spec.poolInfo.poolId ?? "";
  // Azure: the reference lets no poolInfo at all into an update of a job that is not disabled, but the same pool was accepted (recorded).
  const otherPool = poolId.toLowerCase() !== job.poolId.toLowerCase();
  if (otherPool && job.state !== "disabled") throw jobNotInState(job.id, job.state);
  return { ...job, spec, poolId, lastModified: timestampAfter(job.lastModified) };
}

/** Batch REST, Job_Update: automatic termination cannot be turned off again; leaving it out of an update is the same as noaction. */
function checkOnAllTasksComplete(before: JobSpec, after: JobSpec): void {
  const ends = (spec: JobSpec): boolean => spec.onAllTasksComplete?.toLowerCase() === "terminatejob";
  if (ends(before) && !ends(after))
    throw invalidProperty("onAllTasksComplete", "noaction", "terminatejob cannot be taken back.");
}
