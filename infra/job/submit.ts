/**
 * Submitting a run: what is new is planned, the plan is committed to the ledger's head, and then the run is started. A submit that
 * died before its plan was committed has done nothing; one that died later is finished by the next one, for starting can be repeated.
 */
import { randomUUID } from "node:crypto";
import { annotatedName } from "../../worker/contract/annotatedName";
import { formatManifest, type Manifest } from "../../worker/contract/manifest";
import { isEnding } from "./batchViews";
import { writeText } from "./blobs";
import type { Clients } from "./clients";
import { eachWithLimit } from "./eachWithLimit";
import { eachInput } from "./inputs";
import { readHead, replaceHead, type ReadHead } from "./ledger/head";
import { openLedger, type Ledger } from "./ledger/ledger";
import { limitsOf } from "./limits";
import { counted } from "./longStep";
import { moveJobs } from "./moveJobs";
import { lookAtNodes } from "./nodes";
import { scanInputs, type Counts, type Scan, type Selection } from "./plan";
import { FoundImages, imagesOf } from "./plannedImages";
import { blobNames, jobIdOf, readRun, writeRun, type Run } from "./run";
import { asPlanned, cutShards, type Shard } from "./shards";
import { type Submission } from "./submission";
import { containerUrl, type JobTarget } from "./target";
import { jobParameter, taskParameter } from "./tasks";
import { numberText } from "./words";

const writesAtOnce = 8;
/** Each time another submit was faster; each of those has submitted a run. */
const mostTries = 20;

/** `note` hears, in a sentence each, what a person should know though the submit goes on. */
export async function submit(
  target: JobTarget,
  clients: Clients,
  selection: Selection,
  note: (line: string) => void,
): Promise<Submission> {
  // Whatever there is to do: the pool that live jobs are on may be deleted next.
  const moved = await moveJobs(target.poolId, clients.batch, note);
  const by = randomUUID();
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const read = await finishPending(target, clients, note);
    const ledger = await openLedger(target.lineage, read, clients, true, note);
    const found = new FoundImages();
    try {
      const scan = await scanInputs(eachInput(clients.input, note), ledger.standingOf, selection, (image) =>
        found.add(image),
      );
      await found.close();
      const { counts: inputs } = scan;
      if (scan.todo.images === 0) return { ...idle(inputs, ledger, read.head.last), inputs, moved };
      await lookAtNodes(target.poolId, clients.batch, note);
      const run = await planRun(target, clients, scan, found, ledger);
      if (await commit(target, clients, read, run, by)) {
        await finishPending(target, clients, note);
        return { kind: "submitted", jobId: run.job, ...sizeOf(run), inputs, moved };
      }
      note("Another submit was faster: looking at what it has left to do …");
    } finally {
      found.remove();
    }
  }
  throw new Error(
    `Other submits were faster ${mostTries} times. See what they did: npm run job -- list --stack NAME`,
  );
}

/** There is nothing to submit: live jobs hold all there is, or it is done. */
function idle(
  { held }: Counts,
  ledger: Ledger,
  last: string | null,
): Pick<Submission, "kind" | "jobId" | "images" | "tasks"> {
  const run = held > 0 ? ledger.live[0] : undefined;
  if (run === undefined) return { kind: "nothing-to-do", jobId: last, images: 0, tasks: 0 };
  return { kind: "already-running", jobId: run.job, ...sizeOf(run) };
}

function sizeOf(run: Run): { readonly images: number; readonly tasks: number } {
  return { images: run.images, tasks: run.tasks.length };
}

async function planRun(
  target: JobTarget,
  { batch, output }: Clients,
  { inputsDigest, todo }: Scan,
  found: FoundImages,
  { absorbed }: Ledger,
): Promise<Run> {
  const pool = await batch.getPool(target.poolId);
  if (pool === null)
    throw new Error(
      `There is no pool ${target.poolId} at ${target.batchEndpoint}. Deploy the stack first: pulumi up`,
    );
  // A pool that scales may have no node now: then one node's slots are what is sure to come.
  const slots = Math.max(1, pool.targetNodes, pool.currentNodes) * pool.slotsPerNode;
  const job = await freeJobId(target, todo.digest, { batch, output }, absorbed);
  const tasks: Run["tasks"] = [];
  for await (const { id, images } of cutShards(found.images(), todo, slots))
    tasks.push({ id, images: images.length, bytes: images.reduce((sum, { bytes }) => sum + bytes, 0) });
  await found.upload(output, job);
  return {
    version: 1,
    job,
    lineage: target.lineage,
    poolId: target.poolId,
    submittedAt: new Date().toISOString(),
    layers: target.layers,
    settings: target.detection,
    limits: limitsOf(target),
    inputsDigest,
    images: todo.images,
    bytes: todo.bytes,
    tasks,
  };
}

/** The first attempt at these images whose id was never used. An id whose run was planned and never committed is as good as new. */
async function freeJobId(
  target: JobTarget,
  todoDigest: string,
  { batch, output }: Pick<Clients, "batch" | "output">,
  absorbed: ReadonlySet<string>,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const id = jobIdOf(target, todoDigest, attempt);
    // The ledger asks no more for a run that it holds, though the run was cleaned away.
    if (absorbed.has(id)) continue;
    if ((await batch.getJob(id)) === null && (await readRun(output, id)) === null) return id;
  }
}

/** Whether this submit's plan is the one to be started. */
async function commit(
  target: JobTarget,
  { output }: Clients,
  { etag }: ReadHead,
  run: Run,
  by: string,
): Promise<boolean> {
  const next = { version: 1, pending: run, last: run.job, by } as const;
  if (await replaceHead(output, target.lineage, etag, next)) return true;
  // The answer to the first of two tries may have been lost.
  return (await readHead(output, target.lineage)).head.by === by;
}

/** Starts the run that was committed and not seen to be started, whoever planned it. Resolves with a head that has none. */
async function finishPending(
  target: JobTarget,
  clients: Clients,
  note: (line: string) => void,
): Promise<ReadHead> {
  for (;;) {
    const read = await readHead(clients.output, target.lineage);
    const { pending } = read.head;
    if (pending === null) return read;
    await startRun(target, clients, pending, note);
    await replaceHead(clients.output, target.lineage, read.etag, { ...read.head, pending: null });
  }
}

/** Every step does nothing where it is done already: manifests, run.json, then the job, its tasks and the seal. */
async function startRun(
  target: JobTarget,
  { batch, output }: Clients,
  run: Run,
  note: (line: string) => void,
): Promise<void> {
  const job = await batch.getJob(run.job);
  if (job !== null && (job.sealed || isEnding(job))) return;
  const shards = counted(
    asPlanned(imagesOf(output, run.job), run.tasks),
    (count) => `Writing the tasks of ${run.job}: ${numberText(count)} of ${numberText(run.tasks.length)} …`,
    note,
  );
  await eachWithLimit(shards, writesAtOnce, (shard) => {
    const manifest = manifestOf(target, run.job, shard);
    const name = blobNames(run.job, shard.id).manifest;
    return writeText(output, name, formatManifest(manifest), "application/x-ndjson");
  });
  if ((await readRun(output, run.job)) === null) await writeRun(output, run);
  // False: there is one, of this run's; another submit may have come to the end already.
  if (!(await batch.addJob(jobParameter(target, run))))
    if ((await batch.getJob(run.job))?.sealed === true) return;
  await batch.addTasks(
    run.job,
    run.tasks.map((task) => taskParameter(target, run, task.id)),
  );
  await batch.sealJob(run.job);
}

/** Pure. */
export function manifestOf(target: JobTarget, jobId: string, shard: Shard): Manifest {
  return {
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
    images: shard.images.map((image) => ({
      ...image,
      annotated: annotatedName(image.name, target.detection.annotate),
    })),
  };
}
