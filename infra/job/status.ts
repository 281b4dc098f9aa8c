/** A run's state in words and as JSON. */
import type { Collected } from "./collect";
import { nodeStates, type Snapshot } from "./progress";
import type { Run } from "./run";
import { verdictSentence, type Verdict } from "./verdict";

function outcomeSentence({ outcome }: Collected): string {
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

const failuresNamed = 5;

/** Pure: of a run that has ended, how many images became what, which failed, and the verdict. */
export function outcomeLines(collected: Collected): string[] {
  const failed = collected.images.flatMap((image) =>
    image.kind === "failed" ? [`${image.name} (${image.line.error.code})`] : [],
  );
  const more = failed.length > failuresNamed ? ` and ${failed.length - failuresNamed} more` : "";
  return [
    outcomeSentence(collected),
    ...(failed.length === 0 ? [] : [`Failed: ${failed.slice(0, failuresNamed).join(", ")}${more}.`]),
    verdictSentence(collected.outcome.verdict),
  ];
}

export function statusJson(run: Run, { job, nodes, tasks }: Snapshot, collected: Collected | null): object {
  return {
    job: run.job,
    state: job.state,
    terminateReason: job.terminateReason,
    nodes: nodeStates(nodes),
    tasks: { ...tasks, total: run.tasks.length },
    verdict: collected?.outcome.verdict ?? ({ kind: "running" } satisfies Verdict),
    outcome: collected?.outcome ?? null,
    problems: collected?.problems ?? [],
    lostLogs: collected?.lostLogs ?? [],
  };
}
