/** What the newest run proves: its nodes' work is the only sight that a terminal has of what works on a node. */
import { parseManifest } from "../../../worker/contract/manifest";
import { isFailed, parseResult } from "../../../worker/contract/result";
import type { JobView, PreparationView, TaskView } from "../batchViews";
import { listNames, readText } from "../blobs";
import type { Clients } from "../clients";
import { runJobs } from "../openRun";
import { blobNames, readRun, type Run } from "../run";
import { ok, unknown, wrong, type Check, type Finding } from "./check";

export interface LastRun {
  readonly job: JobView;
  /** Null: run.json is gone. */
  readonly run: Run | null;
  readonly tasks: readonly TaskView[];
  readonly preparations: readonly PreparationView[];
  /** Of the blobs under `runs/<job>/`. */
  readonly names: ReadonlySet<string>;
  /** Of the first task with results. */
  readonly sample: Sample | null;
}

interface Sample {
  readonly task: string;
  readonly planned: number;
  readonly lines: number;
  readonly failed: number;
}

/** Null: there was no run yet. Reads names of all its blobs, the results of one task only. */
export async function readLastRun({ batch, output }: Clients): Promise<LastRun | null> {
  const [job] = await runJobs(batch);
  if (job === undefined) return null;
  const run = await readRun(output, job.id);
  const names = new Set(await listNames(output, `runs/${job.id}/`));
  const first = run?.tasks.find(({ id }) => names.has(blobNames(job.id, id).results));
  const tasks = await batch.listTasks(job.id);
  const preparations = await batch.listPreparations(job.id);
  const sample = first === undefined ? null : await readSample({ output }, job.id, first.id);
  return { job, run, tasks, preparations, names, sample };
}

async function readSample({ output }: Pick<Clients, "output">, jobId: string, task: string): Promise<Sample> {
  const names = blobNames(jobId, task);
  const manifest = (await readText(output, names.manifest)) ?? "";
  const results = ((await readText(output, names.results)) ?? "").split("\n").filter((line) => line !== "");
  const lines = results.map((line, index) => parseResult(line, `${names.results} line ${index + 1}`));
  return {
    task,
    planned: parseManifest(manifest).images.length,
    lines: lines.length,
    failed: lines.filter(isFailed).length,
  };
}

const runCheck = (
  id: string,
  title: string,
  anchor: string,
  change: string,
  assess: (last: LastRun) => Finding,
): Check => ({
  id,
  title,
  anchor,
  change,
  needs: ["batch-answers", "list-output"],
  look: async (cloud) => {
    const last = await cloud.lastRun();
    return last === null ? unknown("there was no run yet: npm run job -- submit --stack NAME") : assess(last);
  },
});

export const lastRunChecks: readonly Check[] = [
  runCheck(
    "run-results",
    "the newest run has the results of all its images",
    "results-of-a-run",
    "npm run job -- report --stack NAME says which tasks failed and why; submitting again does what is left.",
    assessResults,
  ),
  runCheck(
    "run-preparation",
    "nodes fetch a job's layers with the pool's identity and unpack them",
    "resource-files-with-the-identity",
    "Read the node's workitems/<job>/job-1/jobpreparation/stderr.txt; infra/job/tasks.ts (jobPreparationTask), worker/contract/node.ts (unpackScript).",
    assessPreparations,
  ),
  runCheck(
    "node-identity",
    "nodes write results with the pool's identity",
    "imds-and-the-workers-credential",
    "Read a task's stderr.txt. The worker asks for its token in worker/io/container.ts (ManagedIdentityCredential with the client id of the manifest).",
    assessNodeIdentity,
  ),
  runCheck(
    "run-logs",
    "Batch uploads stdout and stderr of tasks with the pool's identity",
    "output-files",
    "infra/job/tasks.ts (taskParameter, outputFiles). The node's fileuploaderr.txt, beside the task's stdout.txt, says why.",
    assessLogs,
  ),
  runCheck(
    "run-spread",
    "tasks are spread over the nodes",
    "task-slots-and-spread",
    "infra/pool.ts (taskSchedulingPolicy) and infra/job/shards.ts.",
    assessSpread,
  ),
];

const isOver = ({ state }: JobView): boolean => state === "completed";
const withResults = ({ job, run, names }: LastRun): number =>
  (run?.tasks ?? []).filter(({ id }) => names.has(blobNames(job.id, id).results)).length;

/** Pure. A run that lives, or was cancelled, proves nothing by what it has not done. */
export function assessResults(last: LastRun): Finding {
  const { job, run, sample } = last;
  if (run === null) return wrong(`${job.id}: its run.json is gone from the output container`);
  const done = withResults(last);
  const measured = `${job.id}: results of ${done} of ${run.tasks.length} tasks, ${run.images} images`;
  if (sample !== null && sample.lines !== sample.planned)
    return wrong(`${measured}; ${sample.task} has ${sample.lines} lines for ${sample.planned} images`);
  const read =
    sample === null ? "" : `; read ${sample.task}: ${sample.lines} lines, ${sample.failed} of them failures`;
  if (done === run.tasks.length) return ok(measured + read);
  if (!isOver(job)) return unknown(`${measured} so far; it is ${job.state}`);
  if (job.terminateReason !== null && job.terminateReason !== "AllTasksComplete")
    return unknown(`${measured}; it was ended early: ${job.terminateReason}`);
  return wrong(measured + read);
}

/** Pure. A node that failed is closed to the job, which goes on while there are others. */
export function assessPreparations({ job, preparations }: LastRun): Finding {
  const failed = preparations.flatMap(({ nodeId, failure }) =>
    failure === null ? [] : [{ nodeId, failure }],
  );
  const measured = `prepared ${preparations.filter(({ succeeded }) => succeeded).length} of ${preparations.length} nodes`;
  if (failed[0])
    return wrong(`${measured}; ${failed[0].nodeId}: ${failed[0].failure.code}: ${failed[0].failure.message}`);
  return preparations.some(({ succeeded }) => succeeded)
    ? ok(measured)
    : unknown(`${job.id} has prepared no node, as far as Batch remembers`);
}

/** Pure: only a task writes results and parts, and it has no other credential than the pool's identity. */
export function assessNodeIdentity(last: LastRun): Finding {
  const written = [...last.names].filter((name) => /\/(results\.ndjson|parts\/[^/]+)$/.test(name)).length;
  if (written > 0) return ok(`${written} blobs of ${last.job.id} were written by its tasks`);
  const failed = last.tasks.filter(({ state, succeeded }) => state === "completed" && !succeeded).length;
  if (failed > 0)
    return wrong(`${failed} tasks of ${last.job.id} ended without success, and none wrote anything`);
  return unknown(`no task of ${last.job.id} has written anything yet`);
}

/** Pure. */
export function assessLogs({ job, tasks, names }: LastRun): Finding {
  const ran = tasks.filter(
    ({ state, startedAt, failure }) =>
      state === "completed" && startedAt !== null && failure?.code !== "TaskEnded",
  );
  if (ran.length === 0) return unknown(`no task of ${job.id} has ended by itself, as far as Batch remembers`);
  const has = ran.filter(
    ({ id }) => names.has(blobNames(job.id, id).stdout) && names.has(blobNames(job.id, id).stderr),
  );
  const measured = `logs of ${has.length} of the ${ran.length} tasks that ended`;
  return has.length === ran.length ? ok(measured) : wrong(measured);
}

/** Pure. */
export function assessSpread({ job, tasks }: LastRun): Finding {
  const nodes = new Set(tasks.flatMap(({ nodeId }) => nodeId ?? []));
  if (nodes.size === 0) return unknown(`no task of ${job.id} has had a node, as far as Batch remembers`);
  const measured = `${tasks.length} tasks on ${nodes.size} nodes`;
  return nodes.size > 1 ? ok(measured) : unknown(`${measured}: one node proves no spreading`);
}
