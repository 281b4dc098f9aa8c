/** Makes the checks one after the other: each with a deadline, none that another's failure has made pointless. */
import { BatchError } from "../batchError";
import { storageStatus } from "../blobs";
import { isSignInError } from "../signIn";
import { unknown, wrong, type Check, type Finding, type Line } from "./check";
import type { SmokeCloud } from "./cloud";
import { reasonOf } from "./refusal";

/** Longer than a check's calls may take together; only a sign-in that hangs gets here. */
const checkDeadlineMs = 150_000;

/** `show` hears each line as it is known. After an interruption no further check is begun. */
export async function runChecks(
  checks: readonly Check[],
  cloud: SmokeCloud,
  interrupted: AbortSignal,
  show: (line: Line) => void,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  /** Checks that did not end well, and the one that is to blame: themselves, or the first in the chain of what they needed. */
  const blamed = new Map<string, string>();
  const stopped = (): boolean => interrupted.aborted;
  for (const check of checks) {
    const startMs = performance.now();
    const blame = check.needs.map((id) => blamed.get(id)).find((id) => id !== undefined);
    if (stopped()) break;
    const finding =
      blame === undefined ? await look(check, cloud) : unknown(`not asked, because of ${blame}`);
    // What an interruption cut off says nothing of the cloud.
    if (stopped() && finding.kind !== "ok") break;
    const line = {
      check,
      finding,
      tookMs: blame === undefined ? Math.round(performance.now() - startMs) : null,
    };
    if (finding.kind !== "ok") blamed.set(check.id, blame ?? check.id);
    lines.push(line);
    show(line);
  }
  return lines;
}

async function look(check: Check, cloud: SmokeCloud): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(unknown(`no end after ${checkDeadlineMs / 1000} s`)), checkDeadlineMs);
  });
  try {
    return await Promise.race([check.look(cloud), late]);
  } catch (error) {
    return findingOf(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Pure: overload and what a service does not have settle nothing; every other refusal, and silence, does. */
export function findingOf(error: unknown): Finding {
  const measured = isSignInError(error) ? "no credential on this machine gave a token" : reasonOf(error);
  const status = error instanceof BatchError ? error.status : storageStatus(error);
  return status !== null && (status === 429 || status >= 500) ? unknown(measured) : wrong(measured);
}
