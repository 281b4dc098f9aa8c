/**
 * Cleaning up: what old runs left in the output container and in Batch, and layers that nothing names any more. Never a run that may
 * still add results, never the ledger, and no run before the ledger holds what became of its images. Whoever is killed in the middle
 * begins again: of a run its run.json goes last, so that it is still found.
 */
import { randomUUID } from "node:crypto";
import type { ContainerClient } from "@azure/storage-blob";
import { layerBlobName, layerNames, type LayerDigests } from "../../worker/contract/layers";
import { deleteBlob, eachBlob, explained } from "./blobs";
import type { Clients } from "./clients";
import { eachWithLimit } from "./eachWithLimit";
import { readHead, replaceHead } from "./ledger/head";
import { openLedger } from "./ledger/ledger";
import { mapWithLimit } from "./mapWithLimit";
import { allRuns, runFile, type Run } from "./run";
import type { JobTarget } from "./target";
import { endOf } from "./verdict";

/** Which runs are old. */
export type Old =
  { readonly kind: "days"; readonly days: number } | { readonly kind: "keep"; readonly newest: number };

export interface OldRun {
  readonly job: string;
  readonly lineage: string;
  readonly submittedAt: string;
  readonly blobs: readonly string[];
  readonly bytes: number;
  readonly hasJob: boolean;
}

export interface OrphanedLayer {
  readonly blob: string;
  readonly bytes: number;
}

export interface Rubbish {
  readonly runs: readonly OldRun[];
  readonly layers: readonly OrphanedLayer[];
  /** Old runs that stay, because the ledger cannot tell yet that they ended. */
  readonly undecided: readonly string[];
}

/** A layer this young may belong to a deploy that is under way: it is uploaded before anything names it. */
const youngMs = 24 * 3_600_000;
const dayMs = 24 * 3_600_000;
const atOnce = 8;
/** Each time a submit has written the head in between. */
const mostTries = 20;

/** Pure: those of the ended runs that are old, the oldest first. */
export function oldOnes(ended: readonly Run[], old: Old, nowMs: number): Run[] {
  const newestFirst = [...ended].sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1));
  const chosen =
    old.kind === "keep"
      ? newestFirst.slice(old.newest)
      : newestFirst.filter((run) => nowMs - Date.parse(run.submittedAt) > old.days * dayMs);
  return chosen.reverse();
}

/** Looks, and writes what ended runs did into the ledger; deletes nothing. */
export async function findRubbish(
  target: JobTarget,
  { batch, output }: Pick<Clients, "batch" | "output">,
  layers: ContainerClient,
  old: Old,
  note: (line: string) => void,
): Promise<Rubbish> {
  const jobs = new Map((await batch.listJobs()).map((job) => [job.id, job]));
  const runs = await allRuns(output);
  // Of --keep N the live ones are the newest, and count.
  const isLive = ({ job }: Run): boolean => jobs.has(job) && endOf(jobs.get(job)!).kind === "running";
  const due = oldOnes(runs, old, Date.now()).filter((run) => !isLive(run));
  const held = new Set<string>();
  for (const lineage of new Set(due.map((run) => run.lineage))) {
    const head = await readHead(output, lineage);
    const { absorbed } = await openLedger(lineage, head, { batch, output }, true, note);
    for (const job of absorbed) if (job !== head.head.pending?.job) held.add(job);
  }
  const going = due.filter((run) => held.has(run.job));
  const staying = runs.filter((run) => !going.includes(run));
  const urls = await batch.resourceUrls();
  return {
    runs: await mapWithLimit(going, atOnce, async ({ job, lineage, submittedAt }) => ({
      job,
      lineage,
      submittedAt,
      ...(await sizeOf(output, `runs/${job}/`)),
      hasJob: jobs.has(job),
    })),
    layers: await orphans(layers, namedLayers([target, ...staying]), urls),
    undecided: due.filter((run) => !held.has(run.job)).map((run) => run.job),
  };
}

/** Pure: blob names of the layers that a stack or a run names. */
export function namedLayers(users: readonly { readonly layers: LayerDigests }[]): Set<string> {
  return new Set(users.flatMap(({ layers }) => layerNames.map((name) => layerBlobName(name, layers[name]))));
}

/** Pure: whether a layer is one that nobody needs. `urls`: of what pools and live jobs fetch. */
export function isOrphan(
  { name, ageMs }: { readonly name: string; readonly ageMs: number },
  named: ReadonlySet<string>,
  urls: readonly string[],
): boolean {
  return ageMs > youngMs && !named.has(name) && !urls.some((url) => url.endsWith(`/${name}`));
}

async function orphans(
  layers: ContainerClient,
  named: ReadonlySet<string>,
  urls: readonly string[],
): Promise<OrphanedLayer[]> {
  const found: OrphanedLayer[] = [];
  await eachIn(layers, undefined, ({ name, bytes, modifiedMs }) => {
    if (isOrphan({ name, ageMs: Date.now() - modifiedMs }, named, urls)) found.push({ blob: name, bytes });
  });
  return found;
}

async function sizeOf(output: ContainerClient, prefix: string): Promise<{ blobs: string[]; bytes: number }> {
  const blobs: string[] = [];
  let bytes = 0;
  await eachIn(output, prefix, (blob) => {
    blobs.push(blob.name);
    bytes += blob.bytes;
  });
  return { blobs, bytes };
}

async function eachIn(
  container: ContainerClient,
  prefix: string | undefined,
  see: (blob: { readonly name: string; readonly bytes: number; readonly modifiedMs: number }) => void,
): Promise<void> {
  try {
    for await (const { name, properties } of eachBlob(container, prefix))
      see({ name, bytes: properties.contentLength ?? 0, modifiedMs: properties.lastModified.getTime() });
  } catch (error) {
    throw explained(`list ${prefix ?? "the blobs"}`, container, error);
  }
}

/** Deletes what was found; `progress` hears how many blobs are gone. */
export async function remove(
  { runs, layers }: Rubbish,
  { batch, output }: Pick<Clients, "batch" | "output">,
  layerContainer: ContainerClient,
  progress: (deleted: number) => void,
): Promise<void> {
  for (const lineage of new Set(runs.map((run) => run.lineage))) await turnAway(output, lineage);
  let deleted = 0;
  const deleteFrom = async (container: ContainerClient, name: string): Promise<void> => {
    await deleteBlob(container, name);
    progress((deleted += 1));
  };
  for (const { job, blobs, hasJob } of runs) {
    if (hasJob) await batch.deleteJob(job);
    const last = runFile(job);
    await eachWithLimit(
      blobs.filter((name) => name !== last),
      atOnce,
      (name) => deleteFrom(output, name),
    );
    await deleteFrom(output, last);
  }
  await eachWithLimit(layers, atOnce, ({ blob }) => deleteFrom(layerContainer, blob));
}

/**
 * A submit under way may have read the ledger before these runs were in it, and would look for their results while they go. Its plan is
 * committed only upon the head that it has read: with another one it looks again.
 */
async function turnAway(output: ContainerClient, lineage: string): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const { head, etag } = await readHead(output, lineage);
    if (await replaceHead(output, lineage, etag, { ...head, by: randomUUID() })) return;
  }
  throw new Error(`Submits are under way in lineage ${lineage}: clean again when they have ended.`);
}
