/** What a check of `npm run smoke` finds where it could not look, or where what it asked threw. */
import { BatchError } from "../batchError";
import { storageStatus } from "../blobs";
import type { Verdicts } from "../runChecks";
import { isSignInError } from "../signIn";
import { unknown, wrong, type Finding } from "./check";
import { reasonOf } from "./refusal";

export const verdicts: Verdicts<Finding> = {
  isGood: ({ kind }) => kind === "ok",
  notAsked: (blame) => unknown(`not asked, because of ${blame}`),
  late: (deadlineMs) => unknown(`no end after ${deadlineMs / 1000} s`),
  thrown: findingOf,
};

/** Pure: overload and what a service does not have settle nothing; every other refusal, and silence, does. */
export function findingOf(error: unknown): Finding {
  const measured = isSignInError(error) ? "no credential on this machine gave a token" : reasonOf(error);
  const status = error instanceof BatchError ? error.status : storageStatus(error);
  return status !== null && (status === 429 || status >= 500) ? unknown(measured) : wrong(measured);
}
