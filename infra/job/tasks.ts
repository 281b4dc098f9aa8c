/** The Batch job of a run as JSON: the job with its preparation and release tasks, and one task for each shard. */
import type { BatchServiceModels } from "@azure/batch";
import { layerBlobName, layerNames } from "../../worker/contract/layers";
import { bashCommandLine, layerResourceFile, unpackScript, workerScript } from "../../worker/contract/node";
import { limitsOf } from "./limits";
import { blobNames, type Run } from "./run";
import { containerUrl, type JobTarget } from "./target";

const manifestFile = "manifest.ndjson";

/** The same everywhere, the start task included: what one of them unpacks, all can read. */
const userIdentity = { autoUser: { scope: "pool", elevationLevel: "nonadmin" } } as const;

/**
 * A retry helps against a machine's bad day, not against a bad model: two would tell them apart. The third is for a picture that kills its task: once among
 * others, twice alone (worker/out/tries.ts), and then it is set aside. Batch does not count tries that a node took with it.
 */
const triesAfterFirst = 3;

/** The default of 7 days fills a small disk; logs and results are in the output container by then. */
const retentionTime = "PT1H";

/** Its limits are those it was planned with, whatever the stack says now: all who judge it go by them. */
type PlannedJob = Pick<Run, "job" | "limits">;

/**
 * The job. It starts with `noaction`, because a job that ends with its tasks and has none yet ends at once
 * (Batch REST, "Add Job": onAllTasksComplete); it is sealed when all tasks are added.
 */
export function jobParameter(target: JobTarget, run: PlannedJob): BatchServiceModels.JobAddParameter {
  return {
    id: run.job,
    poolInfo: { poolId: target.poolId },
    onAllTasksComplete: "noaction",
    // A run without a limit that is stuck would count against the account's quota of active jobs for ever.
    constraints: {
      maxWallClockTime: duration(limitsOf(run).maxJobHours * 3600),
      maxTaskRetryCount: triesAfterFirst,
    },
    jobPreparationTask: {
      commandLine: bashCommandLine(unpackScript(target.layers)),
      resourceFiles: layerNames.map((name) => ({
        httpUrl: blobUrl(target, "layers", layerBlobName(name, target.layers[name])),
        filePath: layerResourceFile(name),
        identityReference: { resourceId: target.identityResourceId },
      })),
      constraints: { maxTaskRetryCount: 2, maxWallClockTime: "PT30M", retentionTime },
      waitForSuccess: true,
      rerunOnNodeRebootAfterSuccess: true,
      userIdentity,
    },
    jobReleaseTask: {
      // What an interrupted preparation leaves: archives of some 80 MB. The layers themselves stay for the next job.
      commandLine: bashCommandLine('rm -rf "$AZ_BATCH_JOB_PREP_WORKING_DIR"/*'),
      maxWallClockTime: "PT5M",
      retentionTime,
      userIdentity,
    },
  };
}

export function taskParameter(
  target: JobTarget,
  run: PlannedJob,
  taskId: string,
): BatchServiceModels.TaskAddParameter {
  const identityReference = { resourceId: target.identityResourceId };
  const blobs = blobNames(run.job, taskId);
  return {
    id: taskId,
    commandLine: bashCommandLine(workerScript(target.layers, ["task", "--manifest", manifestFile])),
    resourceFiles: [
      { httpUrl: blobUrl(target, "output", blobs.manifest), filePath: manifestFile, identityReference },
    ],
    outputFiles: (["stdout", "stderr"] as const).map((stream) => ({
      filePattern: `../${stream}.txt`,
      destination: {
        container: { containerUrl: containerUrl(target, "output"), path: blobs[stream], identityReference },
      },
      // Whatever happens, a wall-clock kill included: logs vanish with the node.
      uploadOptions: { uploadCondition: "taskcompletion" as const },
    })),
    constraints: {
      maxTaskRetryCount: triesAfterFirst,
      // A shard is a matter of minutes; what runs as long as this hangs.
      maxWallClockTime: duration(limitsOf(run).maxTaskMinutes * 60),
      retentionTime,
    },
    userIdentity,
  };
}

function blobUrl(target: JobTarget, container: keyof JobTarget["containers"], name: string): string {
  return `${containerUrl(target, container)}/${name.split("/").map(encodeURIComponent).join("/")}`;
}

/** ISO 8601. */
function duration(seconds: number): string {
  return `PT${Math.ceil(seconds)}S`;
}
