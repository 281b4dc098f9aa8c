/** The verdict on a run: every picture has one line, done or failed for a reason that somebody foresaw. */
import { exitCode } from "../../worker/contract/exitCode";
import { isFailed } from "../../worker/contract/result";
import type { WorkerRun } from "./workerRun";

export interface Fault {
  /** Undefined: the run as a whole. */
  readonly picture?: string;
  readonly what: string;
}

export interface Verdict {
  /** "done" and "decode corrupt", "decode truncated", …: how many pictures. */
  readonly counts: ReadonlyMap<string, number>;
  readonly faults: readonly Fault[];
}

/** Survived, but a defect of the worker or of a library all the same. */
const unforeseen: readonly string[] = ["unexpected", "crashed", "timeout"];

export function judge(pictures: readonly string[], run: Omit<WorkerRun, "worst">): Verdict {
  const counts = new Map<string, number>();
  const linesOf = new Map<string, number>();
  const faults: Fault[] = [];
  for (const line of run.lines) {
    const picture = line.image.name;
    const outcome = isFailed(line) ? `${line.error.stage} ${line.error.code}` : "done";
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    linesOf.set(picture, (linesOf.get(picture) ?? 0) + 1);
    if (isFailed(line) && unforeseen.includes(line.error.code))
      faults.push({ picture, what: `${outcome}: ${line.error.message}` });
  }
  for (const picture of pictures) {
    const lines = linesOf.get(picture) ?? 0;
    if (lines !== 1) faults.push({ picture, what: `${lines} lines in the results instead of one` });
  }
  const ended: readonly (number | null)[] = [exitCode.ok, exitCode.someFailed];
  if (!ended.includes(run.exit))
    faults.push({ what: `the run was lost (exit ${run.exit ?? "by a signal"}): ${run.lastWords}` });
  return { counts, faults };
}
