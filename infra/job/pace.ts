/** The passing of time where behaviour depends on it: retries and waits take a Pace, so that tests need no patience. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Pace {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
}

export const realPace: Pace = {
  nowMs: () => Date.now(),
  sleep: (ms) => sleep(ms),
  random: () => Math.random(),
};

/** What to do about an error: give up, or try again, not before `afterMs` where the service named a time. */
export type Verdict =
  { readonly kind: "give-up" } | { readonly kind: "retry"; readonly afterMs: number | null };

export interface RetryPlan {
  /** No attempt starts later than this after the first. */
  readonly deadlineMs: number;
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Attempts until it succeeds, the verdict is to give up, or the next attempt would start after the deadline.
 * Waits with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), at least what the service asked for.
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  verdictOn: (error: unknown) => Verdict,
  plan: RetryPlan,
  pace: Pace,
): Promise<T> {
  const deadline = pace.nowMs() + plan.deadlineMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const verdict = verdictOn(error);
      if (verdict.kind === "give-up") throw error;
      const jitterMs = pace.random() * Math.min(plan.capMs, plan.baseMs * 2 ** tries);
      const waitMs = Math.max(verdict.afterMs ?? 0, jitterMs);
      if (pace.nowMs() + waitMs > deadline) throw error;
      await pace.sleep(waitMs);
    }
  }
}
