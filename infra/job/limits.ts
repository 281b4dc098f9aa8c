/** The limits of a run: how many of its images may fail, and how long a task and the whole job may take. */
import { z } from "zod";

export const runLimits = z.strictObject({
  /** Share of the planned images (0–1) that may fail in a run that still succeeds. */
  maxFailedShare: z.number().min(0).max(1),
  /** Wall clock of one try of a task. */
  maxTaskMinutes: z.number().positive(),
  /** Wall clock of the job, from its creation. */
  maxJobHours: z.number().positive(),
});

export type RunLimits = z.infer<typeof runLimits>;

/** Of stacks and runs of versions that had no such settings. */
const earlierLimits: RunLimits = { maxFailedShare: 1, maxTaskMinutes: 120, maxJobHours: 24 };

export function limitsOf({ limits }: { readonly limits?: RunLimits | undefined }): RunLimits {
  return limits ?? earlierLimits;
}
