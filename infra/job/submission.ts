/** What a submit did, and in words. */
import type { Counts } from "./plan";
import { numberText } from "./words";

export interface Submission {
  readonly kind: "submitted" | "already-running" | "nothing-to-do";
  /** The job submitted, or that is at work on all there is; else the one before. Null: there never was one. */
  readonly jobId: string | null;
  /** Of that job; 0 where there is nothing to do. */
  readonly images: number;
  readonly tasks: number;
  /** What the input container held when it was looked at. */
  readonly inputs: Counts;
  /** Live jobs, of earlier lineages too, that this submit moved to the stack's pool. */
  readonly moved: readonly string[];
}

/** Pure: one sentence, with what to do next. */
export function submissionSentence({ kind, jobId, images, tasks, inputs }: Submission): string {
  const size = `${numberText(images)} images in ${tasks} tasks`;
  switch (kind) {
    case "submitted":
      return `Submitted job ${jobId ?? ""}: ${size}. Follow it with: npm run job -- status --wait --stack NAME`;
    case "already-running":
      return `Job ${jobId ?? ""} is running already: ${size}.`;
    case "nothing-to-do":
      if (inputs.done + inputs.failed + inputs.new === 0)
        return "Nothing to do: there are no images in the input container.";
      return `Nothing to do: ${countsText(inputs)}.${retryHint(inputs)}`;
  }
}

/** "new: 37, done: 12,400": and what is held or failed, where there is some. */
export function countsText(counts: Counts): string {
  const parts = [
    `new: ${numberText(counts.new)}`,
    `done: ${numberText(counts.done)}`,
    ...(counts.failed > 0 ? [`failed: ${numberText(counts.failed)}`] : []),
    ...(counts.held > 0 ? [`in work: ${numberText(counts.held)}`] : []),
  ];
  return parts.join(", ");
}

function retryHint({ failed }: Counts): string {
  return failed === 0 ? "" : " To try the failed ones again: npm run job -- retry --stack NAME";
}
