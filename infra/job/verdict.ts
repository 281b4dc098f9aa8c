/** What became of a run, in one word that all commands share, and the exit code that goes with it. */
import { z } from "zod";
import { exitCode } from "../../worker/contract/exitCode";
import type { JobView } from "./batchViews";
import type { RunLimits } from "./limits";

export const verdictSchema = z.discriminatedUnion("kind", [
  /** It may still add results. */
  z.strictObject({ kind: z.literal("running") }),
  z.strictObject({ kind: z.literal("succeeded") }),
  /** Every image was tried; no more failed than may (setting maxFailedShare). */
  z.strictObject({ kind: z.literal("succeeded-with-failures"), failed: z.int() }),
  /** Every image was tried, and more failed than may. */
  z.strictObject({
    kind: z.literal("over-budget"),
    failed: z.int(),
    planned: z.int(),
    maxFailedShare: z.number(),
  }),
  /** It ended and did not do all. `notRun` is 0 where only a task's own end went wrong: its results are there. */
  z.strictObject({ kind: z.literal("incomplete"), notRun: z.int() }),
  /** Somebody ended it before it was done, for this reason. */
  z.strictObject({ kind: z.literal("cancelled"), notRun: z.int(), reason: z.string() }),
]);

export type Verdict = z.infer<typeof verdictSchema>;

/** How a run's job ended, as far as Batch remembers. */
export type RunEnd =
  | { readonly kind: "running" | "with-its-tasks" | "out-of-time" }
  | { readonly kind: "cancelled"; readonly reason: string };

/** Pure. A job that Batch has forgotten has ended; nobody knows how. */
export function endOf(job: Pick<JobView, "state" | "terminateReason"> | null): RunEnd {
  if (job === null) return { kind: "with-its-tasks" };
  if (job.state !== "completed" && job.state !== "deleting") return { kind: "running" };
  switch (job.terminateReason) {
    case null:
    case "AllTasksComplete":
      return { kind: "with-its-tasks" };
    case "MaxWallClockTimeExpiry":
      return { kind: "out-of-time" };
    default:
      return { kind: "cancelled", reason: job.terminateReason };
  }
}

export interface ImageCounts {
  readonly planned: number;
  readonly done: number;
  readonly failed: number;
  readonly notRun: number;
}

/** Pure. `brokenTasks`: tasks that failed, but for those that lost their logs alone. */
export function verdictOf(
  end: RunEnd,
  { planned, failed, notRun }: ImageCounts,
  { maxFailedShare }: Pick<RunLimits, "maxFailedShare">,
  brokenTasks: number,
): Verdict {
  if (end.kind === "running") return { kind: "running" };
  if (notRun > 0 && end.kind === "cancelled") return { kind: "cancelled", notRun, reason: end.reason };
  if (notRun > 0 || brokenTasks > 0) return { kind: "incomplete", notRun };
  if (failed === 0) return { kind: "succeeded" };
  if (failed / planned > maxFailedShare) return { kind: "over-budget", failed, planned, maxFailedShare };
  return { kind: "succeeded-with-failures", failed };
}

/** Pure: for a column of a table. */
export function verdictWord({ kind }: Verdict): string {
  return kind.replaceAll("-", " ");
}

/** Pure: the verdict as a sentence, with what to do next where something is to be done. */
export function verdictSentence(verdict: Verdict): string {
  switch (verdict.kind) {
    case "running":
      return "The run goes on.";
    case "succeeded":
      return "The run succeeded.";
    case "succeeded-with-failures":
      return "The run succeeded, with failed images. To try them again: npm run job -- retry --stack NAME";
    case "over-budget": {
      const { failed, planned, maxFailedShare } = verdict;
      return (
        `The run failed: ${percent(failed / planned)} of its images failed, and at most ${percent(maxFailedShare)} may ` +
        "(maxFailedShare). See why: npm run job -- report --stack NAME"
      );
    }
    case "incomplete":
      return verdict.notRun > 0
        ? "The run is incomplete: the next submit plans what was not run."
        : "The run is incomplete: every image has its result, and a task failed after that.";
    case "cancelled":
      return `The run was cancelled (${verdict.reason}): the next submit plans what was not run.`;
    default: {
      const never: never = verdict;
      throw new Error(`Unknown verdict: ${JSON.stringify(never)}`);
    }
  }
}

/** Images that no task reached, and more failures than may be, need the operator; failures within the budget are a result. */
export function exitCodeOf(verdict: Verdict): number {
  switch (verdict.kind) {
    case "running":
    case "succeeded":
      return exitCode.ok;
    case "succeeded-with-failures":
      return exitCode.someFailed;
    case "over-budget":
    case "incomplete":
    case "cancelled":
      return exitCode.actionNeeded;
  }
}

/** "12 %", "0.25 %". */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
