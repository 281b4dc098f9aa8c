/**
 * Submitting a run. Every step can be repeated: manifests, then run.json, then the job, its tasks, then the seal. A submit that
 * died in between is finished by the next one, and submitting what lives or is done changes nothing.
 */
import { annotatedNames } from "../../worker/contract/annotatedName";
import { formatManifest, type Manifest } from "../../worker/contract/manifest";
import { isEnding, type JobView } from "./batchViews";
import { listNames, writeText } from "./blobs";
import type { Clients } from "./clients";
import { inputsDigest, listInputs, type InputImage } from "./inputs";
import { mapWithLimit } from "./mapWithLimit";
import { moveJobs } from "./moveJobs";
import { lookAtNodes } from "./nodes";
import { blobNames, jobIdOf, readRun, writeRun, type Run } from "./run";
import { cutShards, type Shard } from "./shards";
import { containerUrl, type JobTarget } from "./target";
import { jobParameter, taskParameter } from "./tasks";

export interface Submission {
  readonly kind: "submitted" | "already-running" | "nothing-to-do";
  /** Null: there are no images, so there never was a job. */
  readonly jobId: string | null;
  readonly images: number;
  readonly tasks: number;
  /** Live jobs, of earlier lineages too, that this submit moved to the stack's pool. */
  readonly moved: readonly string[];
}

/** What to do about an attempt's job id, by what is there of it. */
export type Found =
  /** Nothing, or a submit that died before its job: plan and submit it. */
  | { readonly kind: "free" }
  /** A job without its seal: a submit died in the middle; add what is missing. */
  | { readonly kind: "unfinished" }
  | { readonly kind: "running" }
  | { readonly kind: "done" }
  /** It ended (cancelled, out of time, tasks failed) with images left: the next attempt's id. */
  | { readonly kind: "ended-early" };

const writesAtOnce = 8;

/** `note` hears, in a sentence each, what a person should know though the submit goes on. */
export async function submit(
  target: JobTarget,
  clients: Clients,
  note: (line: string) => void,
): Promise<Submission> {
  const listing = await listInputs(clients.input);
  if (listing.kind !== "listed") throw new Error(listing.message);
  // Whatever there is to do: the pool that live jobs are on may be deleted next.
  const moved = await moveJobs(target.poolId, clients.batch, note);
  const { images } = listing;
  if (images.length === 0) return { kind: "nothing-to-do", jobId: null, images: 0, tasks: 0, moved };

  const digest = inputsDigest(images);
  for (let attempt = 1; ; attempt += 1) {
    const jobId = jobIdOf(target, digest, attempt);
    const run = await readRun(clients.output, jobId);
    const job = await clients.batch.getJob(jobId);
    const found = decide(job, run !== null && (await hasAllResults(clients, run)));
    if (found.kind === "ended-early") continue;
    if (found.kind === "running" || found.kind === "done")
      return {
        kind: found.kind === "done" ? "nothing-to-do" : "already-running",
        jobId,
        images: images.length,
        tasks: run?.tasks.length ?? 0,
        moved,
      };
    await lookAtNodes(target.poolId, clients.batch, note);
    // An unfinished job keeps the plan its first tasks were added by.
    const plan = found.kind === "unfinished" ? run : null;
    const planned = plan ?? (await writePlan(target, clients, jobId, images));
    await startJob(target, clients, planned);
    return { kind: "submitted", jobId, images: planned.images, tasks: planned.tasks.length, moved };
  }
}

/** Pure: see Found. A job whose record is gone from Batch is known by its results. */
export function decide(job: JobView | null, allResults: boolean): Found {
  if (job === null) return allResults ? { kind: "done" } : { kind: "free" };
  if (isEnding(job)) return allResults ? { kind: "done" } : { kind: "ended-early" };
  return job.sealed ? { kind: "running" } : { kind: "unfinished" };
}

/** A task writes results.ndjson at its very end, so a run with one for each task has done everything. */
async function hasAllResults({ output }: Clients, run: Run): Promise<boolean> {
  const names = new Set(await listNames(output, `runs/${run.job}/`));
  return run.tasks.every((task) => names.has(blobNames(run.job, task.id).results));
}

async function writePlan(
  target: JobTarget,
  { batch, output }: Clients,
  jobId: string,
  images: readonly InputImage[],
): Promise<Run> {
  const pool = await batch.getPool(target.poolId);
  if (pool === null)
    throw new Error(
      `There is no pool ${target.poolId} at ${target.batchEndpoint}. Deploy the stack first: pulumi up`,
    );
  // A pool that scales may have no node now: then one node's slots are what is sure to come.
  const nodes = Math.max(1, pool.targetNodes, pool.currentNodes);
  const shards = cutShards(images, nodes * pool.slotsPerNode);

  const manifests = manifestsOf(target, jobId, shards);
  await mapWithLimit(manifests, writesAtOnce, (manifest) =>
    writeText(
      output,
      blobNames(jobId, manifest.header.task).manifest,
      formatManifest(manifest),
      "application/x-ndjson",
    ),
  );
  const run: Run = {
    version: 1,
    job: jobId,
    lineage: target.lineage,
    poolId: target.poolId,
    submittedAt: new Date().toISOString(),
    layers: target.layers,
    settings: target.detection,
    inputsDigest: inputsDigest(images),
    images: images.length,
    bytes: bytesOf(images),
    tasks: shards.map((shard) => ({
      id: shard.id,
      images: shard.images.length,
      bytes: bytesOf(shard.images),
    })),
  };
  await writeRun(output, run);
  return run;
}

/** The manifests of a run's shards. Annotated names are chosen over all of them, so that no two images want one. */
export function manifestsOf(target: JobTarget, jobId: string, shards: readonly Shard[]): Manifest[] {
  const all = shards.flatMap((shard) => shard.images.map((image) => image.name));
  const names = annotatedNames(all, target.detection.annotate);
  let next = 0;
  return shards.map((shard) => ({
    header: {
      version: 1,
      job: jobId,
      task: shard.id,
      lineage: target.lineage,
      settings: target.detection,
      input: { containerUrl: containerUrl(target, "input") },
      output: { containerUrl: containerUrl(target, "output"), prefix: blobNames(jobId, shard.id).prefix },
      identityClientId: target.identityClientId,
    },
    images: shard.images.map((image) => ({ ...image, annotated: names[next++]! })),
  }));
}

async function startJob(target: JobTarget, { batch }: Clients, run: Run): Promise<void> {
  if (!(await batch.addJob(jobParameter(target, run.job)))) {
    // Another submit, at the same time, may have come to the end already.
    if ((await batch.getJob(run.job))?.sealed === true) return;
  }
  await batch.addTasks(
    run.job,
    run.tasks.map((task) => taskParameter(target, run.job, task.id)),
  );
  await batch.sealJob(run.job);
}

function bytesOf(images: readonly InputImage[]): number {
  return images.reduce((sum, image) => sum + image.bytes, 0);
}
