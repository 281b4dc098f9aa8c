/** The samples of one pool, in memory, and which of them a formula can see. */
import { type Counted, isCounted, type Sampled } from "./names";
import { type Sample, samplePeriodMs, type Samples } from "./samples";

export type Counts = Readonly<Record<Counted, number>>;

/**
 * How long a sample stays unseen. Azure: about a minute, says its documentation, whose own sample for pending tasks asks for 70 % of 180 s all the same;
 * here: one period, so that it finds them.
 */
const hiddenMs = samplePeriodMs;
/** A day of samples. */
const mostSamples = 2880;

export class SampleHistory {
  /** Newest first. */
  private taken: readonly { readonly atMs: number; readonly counts: Counts }[] = [];

  /** A sample is so many times as old as the clock says: see AutoScaling. */
  constructor(private readonly speed: number) {}

  add(atMs: number, counts: Counts): void {
    this.taken = [{ atMs, counts }, ...this.taken.slice(0, mostSamples - 1)];
  }

  /** As they are at a moment; `counts` are those of the moment itself. */
  at(nowMs: number, counts: Counts): Samples {
    const seen = this.taken
      .map((sample) => ({ ageMs: (nowMs - sample.atMs) * this.speed, counts: sample.counts }))
      .filter(({ ageMs }) => ageMs >= hiddenMs);
    return {
      of: (variable) => seen.flatMap((sample) => sampleOf(sample, variable)),
      now: (variable) => (isCounted(variable) ? counts[variable] : undefined),
    };
  }
}

function sampleOf(
  { ageMs, counts }: { readonly ageMs: number; readonly counts: Counts },
  variable: Sampled,
): Sample[] {
  return isCounted(variable) ? [{ ageMs, value: counts[variable] }] : [];
}
