/** What a run's state means: a sentence, JSON, and an exit code. */
import { exitCode } from "../../worker/contract/exitCode";
import type { Collected } from "./collect";
import { nodeStates, type Snapshot } from "./progress";
import type { Run } from "./run";

export function outcomeSentence({ outcome }: Collected): string {
  const { planned, done, failed, notRun } = outcome.images;
  const parts = [
    `${done} of ${planned} images done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
    `${outcome.detections} detections`,
    ...(outcome.imagesPerSecond === null ? [] : [`${outcome.imagesPerSecond.toFixed(1)} images/s`]),
  ];
  return `${parts.join(", ")}.`;
}

export function statusJson(run: Run, { job, nodes, tasks }: Snapshot, collected: Collected | null): object {
  return {
    job: run.job,
    state: job.state,
    terminateReason: job.terminateReason,
    nodes: nodeStates(nodes),
    tasks: { ...tasks, total: run.tasks.length },
    outcome: collected?.outcome ?? null,
    problems: collected?.problems ?? [],
    lostLogs: collected?.lostLogs ?? [],
  };
}

/** Images that no task reached need the operator; images that could not be read are a result. */
export function exitCodeOf({ outcome, problems }: Collected): number {
  if (outcome.images.notRun > 0 || problems.length > 0) return exitCode.actionNeeded;
  return outcome.images.failed > 0 ? exitCode.someFailed : exitCode.ok;
}
