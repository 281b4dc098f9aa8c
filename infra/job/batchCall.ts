/** One call of the Batch service: tried again while that may help, and heard of when it keeps failing. */
import type { AbortSignalLike } from "@azure/ms-rest-js";
import { batchError, isUnreachable, verdictOn } from "./batchError";
import { realPace, retrying, type Pace } from "./pace";

/** An attempt that takes longer is given up and made again. */
const attemptTimeoutMs = 30_000;
const retryPlan = { deadlineMs: 120_000, baseMs: 500, capMs: 20_000 };

/** A person hears of a call that is tried again after this many failures or this long: a single lost connection is nothing. */
const failuresToNote = 3;
const silenceToNoteMs = 10_000;

export interface CallPatience {
  /** How long an account at whose address nobody is, is tried; as long as any other failure by default. */
  readonly unreachableMs?: number;
  readonly pace?: Pace;
}

export interface CallOptions {
  readonly abortSignal: AbortSignalLike;
}

/** `attempted` reads "add job detect-…". */
export type Call = <T>(attempted: string, send: (options: CallOptions) => Promise<T>) => Promise<T>;

/** `note` hears of calls that keep failing while they are still tried. */
export function openCall(
  note: (line: string) => void,
  { unreachableMs = retryPlan.deadlineMs, pace = realPace }: CallPatience,
): Call {
  return (attempted, send) => {
    const startMs = pace.nowMs();
    let failures = 0;
    let noted = false;
    return retrying(
      async () => {
        try {
          return await send({ abortSignal: timeoutSignal() });
        } catch (error) {
          throw batchError(attempted, error);
        }
      },
      (error) => {
        const takenMs = pace.nowMs() - startMs;
        if (isUnreachable(error) && takenMs > unreachableMs) return { kind: "give-up" };
        const verdict = verdictOn(error);
        failures += 1;
        const lasts = failures >= failuresToNote || takenMs > silenceToNoteMs;
        if (verdict.kind === "retry" && lasts && !noted) {
          noted = true;
          const patienceMs = isUnreachable(error) ? unreachableMs : retryPlan.deadlineMs;
          note(`${(error as Error).message}; trying for ${patienceMs / 1000} s …`);
        }
        return verdict;
      },
      retryPlan,
      pace,
    );
  };
}

/** The SDK's own description of a signal differs from Node's in the type of `this` only. */
function timeoutSignal(): AbortSignalLike {
  return AbortSignal.timeout(attemptTimeoutMs) as unknown as AbortSignalLike;
}
