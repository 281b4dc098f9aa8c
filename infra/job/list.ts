/** The runs of a stack: those whose plan is in the output container, with what Batch still knows of their jobs. */
import type { ContainerClient } from "@azure/storage-blob";
import type { Batch } from "./batch";
import { allRuns, type Outcome, type Run } from "./run";

export interface ListedRun {
  readonly job: string;
  readonly submittedAt: string;
  readonly lineage: string;
  readonly images: number;
  /** Of its job; null when Batch no longer has it. */
  readonly state: string | null;
  /** As the last report found it, but for its tasks, which may be many; null before the first report. */
  readonly outcome: Outcome | null;
}

/** The newest first. */
export async function listedRuns(output: ContainerClient, batch: Batch): Promise<ListedRun[]> {
  const states = new Map((await batch.listJobs()).map((job) => [job.id, job.state]));
  return (await allRuns(output))
    .map((run) => listedRun(run, states.get(run.job) ?? null))
    .sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1));
}

function listedRun({ job, submittedAt, lineage, images, outcome }: Run, state: string | null): ListedRun {
  const inShort = outcome === undefined ? null : { ...outcome, tasks: undefined };
  return { job, submittedAt, lineage, images, state, outcome: inShort };
}

/** Pure: a line a run, in columns. */
export function runTable(runs: readonly ListedRun[]): string {
  if (runs.length === 0) return "There is no run yet. Submit one: npm run job -- submit --stack NAME";
  const rows = runs.map((run) => [
    run.job,
    run.submittedAt.slice(0, 16).replace("T", " "),
    run.lineage.slice(0, 8),
    String(run.images),
    verdict(run),
  ]);
  const heads = ["run", "submitted (UTC)", "lineage", "images", "state"];
  const widths = heads.map((_, column) => Math.max(...[heads, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 3 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join("  ")
      .trimEnd();
  return [heads, ...rows].map(line).join("\n");
}

/** Batch's word for a job that goes on; for one that ended what the report says. */
function verdict({ state, outcome }: ListedRun): string {
  if (state !== null && state !== "completed" && state !== "deleting") return state;
  if (outcome === null) return "ended, not reported on";
  const { done, failed, notRun } = outcome.images;
  const parts = [`${done} done`, `${failed} failed`, `${notRun} not run`];
  return parts.filter((part) => !part.startsWith("0 ") || part === parts[0]).join(", ");
}
