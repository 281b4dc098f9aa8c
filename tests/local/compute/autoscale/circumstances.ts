/** What the formulas of the tests are evaluated in. */
import type { Circumstances } from "../../../../local/compute/autoscale/evaluate";
import type { Sampled } from "../../../../local/compute/autoscale/names";
import { samplePeriodMs } from "../../../../local/compute/autoscale/samples";

/** A Monday, ten in the morning. */
export const nowMs = Date.UTC(2024, 0, 1, 10, 20, 30);

export interface Given {
  /** Values of every sampled variable, newest first, each a period older than the one before it; the newest is a period old. */
  readonly samples?: Partial<Readonly<Record<Sampled, readonly number[]>>>;
  /** Values at the moment itself. */
  readonly now?: Partial<Readonly<Record<Sampled, number>>>;
  readonly targets?: Circumstances["targets"];
}

export function circumstances({ samples = {}, now = {}, targets }: Given = {}): Circumstances {
  return {
    nowMs,
    random: () => 0.25,
    targets: targets ?? { targetDedicatedNodes: 2, targetLowPriorityNodes: 1 },
    samples: {
      of: (variable) =>
        (samples[variable] ?? []).map((value, index) => ({ ageMs: (index + 1) * samplePeriodMs, value })),
      now: (variable) => now[variable],
    },
  };
}
