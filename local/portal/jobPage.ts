/** A job: its tasks, failures first, and where its preparation failed; a task with what it wrote. */
import { html } from "../../worker/contract/markup";
import type { BatchAccount } from "../compute/account";
import { taskRootDirectory } from "../compute/directories";
import { listFiles } from "../compute/files";
import type { JobRecord, PreparationRecord, TaskRecord } from "../compute/state";
import { defaultPreparationId } from "../compute/work";
import { taskCounts } from "./accountPage";
import type { Page } from "./frame";
import { facts, lasted, link, nodeLink, outcome, state, table, taskState, time, tries } from "./parts";
import { aboveAccount } from "./poolPage";
import { textOf } from "./tail";

/** A job may have 100,000 tasks; nobody reads more than some. */
const mostTasks = 200;

/** `base`: of the account. Throws a BatchFailure: JobNotFound. */
export async function jobPage(
  account: BatchAccount,
  base: string,
  jobId: string,
  nowMs: number,
): Promise<Page> {
  const job = account.jobs.get(jobId);
  const tasks = account.tasks.list(job.id);
  const shown = [...tasks].sort((left, right) => rank(left) - rank(right)).slice(0, mostTasks);
  const preparations = job.spec.jobPreparationTask === undefined ? [] : account.preparations.list(job);
  const failedOn = preparations.filter(({ preparation }) => preparation.result === "failure");
  const [first] = failedOn;
  return {
    title: job.id,
    above: aboveAccount(account),
    body: html`
      ${facts({
        state: state(job.state),
        pool: link(`${base}pools/${job.poolId}`, job.poolId),
        tasks: taskCounts(tasks),
        "created (UTC)": time(job.creationTime),
        took: lasted(job.creationTime, job.endTime, nowMs),
        "ended because": job.terminateReason,
      })}
      ${
        first === undefined
          ? ""
          : html`<h2>Preparation failed</h2>
              ${table(
                ["node", "why"],
                failedOn.map((at) => [nodeLink(nodePath(base, at), at.nodeId), outcome(at.preparation)]),
                "",
              )}
              <h3>Its stderr.txt on the first of them</h3>
              <pre>${await preparationErrors(account, job, first)}</pre>`
      }
      <h2>Tasks</h2>
      ${table(
        ["task", "state", "took", "outcome", "tries", "requeued", "node"],
        shown.map((task) => [
          link(`${base}jobs/${job.id}/tasks/${task.id}`, task.id),
          taskState(task),
          lasted(task.run.startTime, task.run.endTime, nowMs),
          outcome(task.run),
          tries(task.run),
          task.requeueCount,
          task.place ? nodeLink(nodePath(base, task.place), task.place.nodeId) : "–",
        ]),
        "It has no tasks.",
      )}
      ${
        tasks.length > shown.length
          ? html`<p class="soft">
              ${shown.length} of ${tasks.length} tasks: failed ones first, then those at work.
            </p>`
          : ""
      }
    `,
  };
}

/** Where every node fails, all fail for the same reason as a rule. */
function preparationErrors(
  account: BatchAccount,
  { id, spec }: JobRecord,
  { poolId, nodeId }: PreparationRecord,
): Promise<string> {
  const directory = taskRootDirectory(id, spec.jobPreparationTask?.id ?? defaultPreparationId);
  return textOf(() => account.files.nodeRoot(poolId, nodeId), `${directory}/stderr.txt`);
}

const nodePath = (base: string, { poolId, nodeId }: NonNullable<TaskRecord["place"]>): string =>
  `${base}pools/${poolId}/nodes/${nodeId}`;

/** Failed, at work, waiting, done. */
function rank({ state: of, run }: TaskRecord): number {
  if (run.result === "failure") return 0;
  return of === "completed" ? 3 : of === "active" ? 2 : 1;
}

/** Throws a BatchFailure: JobNotFound, TaskNotFound. */
export async function taskPage(
  account: BatchAccount,
  base: string,
  jobId: string,
  taskId: string,
  nowMs: number,
): Promise<Page> {
  const job = account.jobs.get(jobId);
  const task = account.tasks.get(job.id, taskId);
  const root = (): string => account.files.taskRoot(job.id, task.id);
  const { place, run } = task;
  return {
    title: task.id,
    above: [...aboveAccount(account), [job.id, `${account.name}/jobs/${job.id}`]],
    body: html`
      ${facts({
        state: taskState(task),
        outcome: outcome(run),
        took: lasted(run.startTime, run.endTime, nowMs),
        tries: tries(run),
        requeued: task.requeueCount,
        node: place && link(nodePath(base, place), place.nodeId),
        "command line": html`<code>${task.spec.commandLine}</code>`,
        files: await fileNames(root),
      })}
      <h2>stdout.txt</h2>
      <pre>${await textOf(root, "stdout.txt")}</pre>
      <h2>stderr.txt</h2>
      <pre>${await textOf(root, "stderr.txt")}</pre>
    `,
  };
}

/** Undefined before the task has a directory, and after that is gone. */
async function fileNames(root: () => string): Promise<string | undefined> {
  try {
    return (await listFiles(root(), true))
      .filter(({ stats }) => stats.isFile())
      .map(({ name, stats }) => `${name} (${stats.size} bytes)`)
      .join(", ");
  } catch {
    return undefined;
  }
}
