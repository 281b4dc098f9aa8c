/** A run's state in words and as JSON. */
import type { Account } from "./collect";
import { printable } from "./printable";
import { nodeStates, type Snapshot } from "./progress";
import type { Rate } from "./rate";
import type { Run } from "./run";
import { verdictSentence, type Verdict } from "./verdict";
import type { ExplainedIdle } from "./whyIdle";

function outcomeSentence({ outcome }: Account): string {
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

/** Pure: of a run that has ended, how many images became what, which failed, and the verdict. */
export function outcomeLines(account: Account): string[] {
  const { failures, outcome } = account;
  const others = outcome.images.failed - failures.length;
  const more = others > 0 ? ` and ${others} more` : "";
  return [
    outcomeSentence(account),
    ...(failures.length === 0
      ? []
      : [`Failed: ${failures.map(({ name, code }) => `${printable(name)} (${code})`).join(", ")}${more}.`]),
    verdictSentence(outcome.verdict),
  ];
}

export function statusJson(
  run: Run,
  { job, nodes, tasks }: Snapshot,
  rate: Rate | null,
  idle: ExplainedIdle | null,
  account: Account | null,
): object {
  return {
    job: run.job,
    state: job.state,
    terminateReason: job.terminateReason,
    nodes: nodeStates(nodes),
    tasks: { ...tasks, total: run.tasks.length },
    rate,
    /** Why no task runs; null while one does, or none is left. */
    idle,
    verdict: account?.outcome.verdict ?? ({ kind: "running" } satisfies Verdict),
    outcome: account?.outcome ?? null,
    problems: account?.problems ?? [],
    lostLogs: account?.lostLogs ?? [],
  };
}
