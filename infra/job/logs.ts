/** What a task wrote: from the output container once it has ended, from its node while it runs. */
import { readText } from "./blobs";
import type { Clients } from "./clients";
import { didYouMean } from "./didYouMean";
import { blobNames, type Run } from "./run";

export interface Logs {
  readonly task: string;
  readonly from: "storage" | "node";
  readonly stdout: string;
  readonly stderr: string;
}

/** Throws one sentence when there is no such task, or nothing of it can be read. */
export async function taskLogs(
  run: Run,
  task: string,
  { output, batch }: Pick<Clients, "output" | "batch">,
): Promise<Logs> {
  const ids = run.tasks.map(({ id }) => id);
  if (!ids.includes(task))
    throw new Error(`Run ${run.job} has no task ${task}; it has ${rangeOf(ids)}.${didYouMean(task, ids)}`);
  const blobs = blobNames(run.job, task);
  const [stdout, stderr] = await Promise.all([
    readText(output, blobs.stdout),
    readText(output, blobs.stderr),
  ]);
  if (stdout !== null || stderr !== null)
    return { task, from: "storage", stdout: stdout ?? "", stderr: stderr ?? "" };

  const found = (await batch.listTasks(run.job)).find(({ id }) => id === task);
  if (found === undefined)
    throw new Error(`Batch knows no task ${task} of ${run.job} any more, and it left no logs.`);
  if (found.nodeId === null) throw new Error(`Task ${task} is ${found.state}: it has not run on a node yet.`);
  const { poolId } = (await batch.getJob(run.job)) ?? run;
  const read = (stream: string): Promise<string | null> =>
    batch.readNodeFile(poolId, found.nodeId!, `workitems/${run.job}/job-1/${task}/${stream}.txt`);
  const [out, err] = [await read("stdout"), await read("stderr")];
  if (out === null && err === null)
    throw new Error(`Task ${task} is ${found.state} on node ${found.nodeId}, which has no logs of it.`);
  return { task, from: "node", stdout: out ?? "", stderr: err ?? "" };
}

function rangeOf(ids: readonly string[]): string {
  if (ids.length === 0) return "none";
  return ids.length === 1 ? ids[0]! : `${ids[0]!} to ${ids.at(-1)!}`;
}
