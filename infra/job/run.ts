/** A run: one submission. Its id, the names of its blobs, and run.json, which says what was planned and how it ended. */
import type { ContainerClient } from "@azure/storage-blob";
import { z } from "zod";
import { layerDigests } from "../../worker/contract/layers";
import { parseLine } from "../../worker/contract/ndjson";
import { detectionSettings } from "../../worker/contract/settings";
import { listFolders, readText, writeText } from "./blobs";
import { runLimits } from "./limits";
import { mapWithLimit } from "./mapWithLimit";
import type { JobTarget } from "./target";
import { verdictSchema } from "./verdict";

const readsAtOnce = 8;

const counts = z.record(z.string(), z.int());

/** One task on its node; of a task that was tried again, the last try (Batch REST: TaskExecutionInformation). */
const taskTimes = z.strictObject({
  id: z.string(),
  node: z.string().nullable(),
  startedAt: z.iso.datetime(),
  /** Null: it had not ended when Batch was asked. */
  endedAt: z.iso.datetime().nullable(),
  succeeded: z.boolean(),
  /** Tries after the first. */
  retries: z.int(),
});

/** What the nodes were, for their price. */
const machine = z.strictObject({ vmSize: z.string(), location: z.string().nullable() });

const outcome = z.strictObject({
  images: z.strictObject({ planned: z.int(), done: z.int(), failed: z.int(), notRun: z.int() }),
  detections: z.int(),
  /** Class name → number of detections. */
  byClass: counts,
  /** Failure code → number of images. */
  byFailure: counts,
  /** From the first task's start to the last one's end; null when Batch no longer knows. */
  seconds: z.number().nullable(),
  imagesPerSecond: z.number().nullable(),
  nodes: z.int().nullable(),
  /** Not in reports of earlier versions. */
  verdict: verdictSchema.optional(),
  // Batch forgets a job; what only it knows is kept here for later reports. Earlier versions kept none of it.
  /** Over all nodes, the seconds from a node's first task's start to its last one's end; null when Batch no longer knows. */
  nodeSeconds: z.number().nullable().optional(),
  machine: machine.optional(),
  /** Sentences: why the run ended early, and one for each task that failed. */
  problems: z.array(z.string()).optional(),
  tasks: z.array(taskTimes).optional(),
});

export const runSchema = z.strictObject({
  version: z.literal(1),
  job: z.string(),
  lineage: z.string(),
  poolId: z.string(),
  submittedAt: z.iso.datetime(),
  layers: layerDigests,
  settings: detectionSettings,
  /** As they were at submission; not in runs of earlier versions. */
  limits: runLimits.optional(),
  inputsDigest: z.string(),
  images: z.int(),
  bytes: z.int(),
  tasks: z.array(z.strictObject({ id: z.string(), images: z.int(), bytes: z.int() })),
  /** Set once a report was made. */
  outcome: outcome.optional(),
});

export type Run = z.infer<typeof runSchema>;
export type Outcome = z.infer<typeof outcome>;
export type TaskTimes = z.infer<typeof taskTimes>;
export type Machine = z.infer<typeof machine>;

/**
 * Job id of the `attempt`-th run of the same images in the same lineage: `detect-<lineage 8>-<to-do digest 12>`, then with
 * `-2`, `-3` …
 */
export function jobIdOf(target: JobTarget, todoDigest: string, attempt: number): string {
  const id = `detect-${target.lineage.slice(0, 8)}-${todoDigest.slice(0, 12)}`;
  return attempt === 1 ? id : `${id}-${attempt}`;
}

/** Whether a Batch job is a run, of any lineage. */
export function isRunId(jobId: string): boolean {
  return /^detect-[0-9a-f]{8}-[0-9a-f]{12}(-\d+)?$/.test(jobId);
}

/** Names, in the output container, of what belongs to one task. */
export function blobNames(jobId: string, taskId: string) {
  const prefix = `runs/${jobId}/${taskId}`;
  return {
    prefix,
    manifest: `${prefix}/manifest.ndjson`,
    parts: `${prefix}/parts/`,
    results: `${prefix}/results.ndjson`,
    summary: `${prefix}/summary.json`,
    stdout: `${prefix}/stdout.txt`,
    stderr: `${prefix}/stderr.txt`,
  } as const;
}

export function runFile(jobId: string): string {
  return `runs/${jobId}/run.json`;
}

/** Null: nothing of such a run is in the output container. */
export async function readRun(output: ContainerClient, jobId: string): Promise<Run | null> {
  const text = await readText(output, runFile(jobId));
  return text === null ? null : parseLine(runSchema, text, runFile(jobId));
}

/** Every run in the output container, the newest first. A folder without its run.json is a plan that was never finished. */
export async function allRuns(output: ContainerClient): Promise<Run[]> {
  const ids = (await listFolders(output, "runs/")).filter(isRunId);
  const runs = (await mapWithLimit(ids, readsAtOnce, (id) => readRun(output, id))).filter(
    (run) => run !== null,
  );
  return runs.sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1));
}

export async function writeRun(output: ContainerClient, value: Run): Promise<void> {
  await writeText(output, runFile(value.job), formatRun(value), "application/json");
}

export function formatRun(value: Run): string {
  return JSON.stringify(value, null, 2) + "\n";
}
