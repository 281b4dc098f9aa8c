/** Finding a run among the jobs of the account. */
import type { Batch } from "./batch";
import type { JobView } from "./batchViews";
import { listFolders } from "./blobs";
import type { Clients } from "./clients";
import { didYouMean } from "./didYouMean";
import { allRuns, isRunId, readRun, type Run } from "./run";

/** The named run or the newest: of those that Batch knows, else of those it has forgotten. Throws one sentence when there is none. */
export async function openRun(clients: Clients, jobId: string | undefined): Promise<Run> {
  const found = jobId ?? (await runJobs(clients.batch))[0]?.id ?? (await allRuns(clients.output))[0]?.job;
  if (found === undefined)
    throw new Error("There is no run yet. Submit one: npm run job -- submit --stack NAME");
  const run = await readRun(clients.output, found);
  if (run === null)
    throw new Error(
      `There is no run ${found}: the output container has no runs/${found}/run.json.` +
        didYouMean(found, (await listFolders(clients.output, "runs/")).filter(isRunId)),
    );
  return run;
}

/** The jobs of the account that are runs, the newest first. */
export async function runJobs(batch: Batch): Promise<JobView[]> {
  const jobs = (await batch.listJobs()).filter((job) => isRunId(job.id));
  return jobs.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}
