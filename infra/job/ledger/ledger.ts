/**
 * The ledger of a lineage: what is known of each version of an image. Done and failed are what result files say; held is what
 * live jobs are to do. It is read from its segments and from the runs that ended since, which then become segments themselves.
 */
import type { ContainerClient } from "@azure/storage-blob";
import type { Batch } from "../batch";
import { isEnding, type JobView } from "../batchViews";
import { deleteBlob, listFolders, listNames } from "../blobs";
import { limitsOf } from "../limits";
import { counted } from "../longStep";
import { imagesOf } from "../plannedImages";
import { isRunId, blobNames, readRun, type Run } from "../run";
import { readResults } from "../taskResults";
import { numberText } from "../words";
import type { ReadHead } from "./head";
import { imageKey, type ImageKey } from "./imageKey";
import { KeyTable } from "./keyTable";
import { entryOf, listSegments, readSegment, writeMergedSegment, writeSegment, type Entry } from "./segment";
import { Standings, type Standing } from "./standings";

export interface Ledger {
  readonly standingOf: (key: ImageKey) => Standing;
  /** Live runs of the lineage, the newest first. */
  readonly live: readonly Run[];
  /** Ids of the runs that are over and in the ledger. */
  readonly absorbed: ReadonlySet<string>;
}

export interface LedgerSources {
  readonly output: ContainerClient;
  readonly batch: Batch;
}

/**
 * `head`: as it was read before. `keep`: runs that ended are written to the ledger; without it nothing is written, as for a
 * preview.
 */
export async function openLedger(
  lineage: string,
  { head }: ReadHead,
  { output, batch }: LedgerSources,
  keep: boolean,
  note: (line: string) => void,
): Promise<Ledger> {
  const standings = new Standings();
  const { segments, absorbed } = await readSegments(output, lineage, standings, note);
  const jobs = new Map((await batch.listJobs()).map((job) => [job.id, job]));
  const folders = new Set(await listFolders(output, "runs/"));
  const live: Run[] = [];
  if (head.pending !== null) await holdImages(output, head.pending, standings);
  for (const run of await runsOf(output, lineage, folders, absorbed)) {
    const phase = phaseOf(run, jobs.get(run.job) ?? null, await hasAllResults(output, run), Date.now());
    if (phase === "live") {
      live.push(run);
      await holdImages(output, run, standings);
    } else if (phase === "ended" && keep)
      segments.push(
        await writeSegment(
          output,
          lineage,
          run.job,
          noting(standings, counted(entriesOf(output, run), notedSoFar(run), note)),
        ),
      );
    else for await (const entry of entriesOf(output, run)) standings.note(entry);
    if (phase === "ended") absorbed.push(run.job);
  }
  if (keep && segments.length > mostSegments) {
    // Of a run whose folder is gone nobody will ask again.
    const runs = absorbed.filter((run) => folders.has(run));
    await merge(output, lineage, segments, runs, standings);
  }
  live.sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1));
  return { standingOf: (key) => standings.of(key), live, absorbed: new Set(absorbed) };
}

/** A merge rewrites all lines: with hourly runs, once a day. */
const mostSegments = 24;

/** Whether a run may still add results. */
type Phase = "live" | "ended" | "unknown";

/** Pure. A job that Batch has forgotten had its time: no run's tasks outlive its job's wall clock. */
export function phaseOf(run: Run, job: JobView | null, allResults: boolean, nowMs: number): Phase {
  if (job !== null && job.state !== "completed") return isEnding(job) && allResults ? "ended" : "live";
  if (job !== null || allResults) return "ended";
  const longestMs = (limitsOf(run).maxJobHours + hoursAfter) * 3_600_000;
  return nowMs - Date.parse(run.submittedAt) > longestMs ? "ended" : "unknown";
}

/** A job's last uploads and two clocks that differ take no hour. */
const hoursAfter = 1;

async function readSegments(
  output: ContainerClient,
  lineage: string,
  standings: Standings,
  note: (line: string) => void,
): Promise<{ segments: string[]; absorbed: string[] }> {
  for (;;) {
    const segments = await listSegments(output, lineage);
    const absorbed: string[] = [];
    let isWhole = true;
    for (const segment of segments) {
      const read = await readSegment(output, segment);
      if (read === null) isWhole = false;
      else {
        for await (const entry of counted(read.entries, readSoFar, note)) standings.note(entry);
        absorbed.push(...read.runs);
      }
    }
    // Somebody merged segments while they were read: what they were merged into is there by now.
    if (isWhole) return { segments, absorbed };
  }
}

function notedSoFar(run: Run): (images: number) => string {
  return (images) =>
    `Noting what run ${run.job} did: ${numberText(images)} of ${numberText(run.images)} images so far …`;
}

function readSoFar(images: number): string {
  return `Reading what is done already: ${numberText(images)} images so far …`;
}

async function holdImages(output: ContainerClient, run: Run, standings: Standings): Promise<void> {
  for await (const image of imagesOf(output, run.job)) standings.hold(image);
}

async function runsOf(
  output: ContainerClient,
  lineage: string,
  folders: ReadonlySet<string>,
  absorbed: readonly string[],
): Promise<Run[]> {
  const known = new Set(absorbed);
  const start = `detect-${lineage.slice(0, 8)}-`;
  const runs: Run[] = [];
  for (const name of folders) {
    if (!isRunId(name) || !name.startsWith(start) || known.has(name)) continue;
    const run = await readRun(output, name);
    if (run?.lineage === lineage) runs.push(run);
  }
  return runs;
}

/** A task writes results.ndjson at its very end, so a run with one for each task has done everything. */
async function hasAllResults(output: ContainerClient, run: Run): Promise<boolean> {
  const names = new Set(await listNames(output, `runs/${run.job}/`));
  return run.tasks.every((task) => names.has(blobNames(run.job, task.id).results));
}

async function* entriesOf(output: ContainerClient, run: Run): AsyncGenerator<Entry> {
  for (const { id } of run.tasks)
    for (const line of await readResults(output, run.job, id)) yield entryOf(line);
}

async function* noting(standings: Standings, entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  for await (const entry of entries) {
    standings.note(entry);
    yield entry;
  }
}

/** Writes one segment in place of all; each image once, with its last standing. */
async function merge(
  output: ContainerClient,
  lineage: string,
  segments: readonly string[],
  runs: readonly string[],
  standings: Standings,
): Promise<void> {
  const written = new KeyTable();
  async function* entries(): AsyncGenerator<Entry> {
    for (const segment of segments)
      for await (const entry of (await readSegment(output, segment))?.entries ?? []) {
        const key = imageKey(entry);
        const isOutdated = entry.error !== undefined && standings.of(key).kind === "done";
        if (isOutdated || written.get(key) !== 0) continue;
        written.set(key, 1);
        yield entry;
      }
  }
  await writeMergedSegment(output, lineage, segments, runs, entries());
  for (const segment of segments) await deleteBlob(output, segment);
}
