/** A check of `npm run doctor`: one thing that a first deploy needs, and the commands that put it right. */
import type { Looked, Runnable, Verdicts } from "../job/runChecks";
import { isSignInError } from "../job/signIn";
import { reasonOf } from "../job/smoke/refusal";
import type { Surroundings } from "./surroundings";

export interface Check extends Runnable<Surroundings, Finding> {
  readonly title: string;
  /** Whether this machine knows, or only Azure. */
  readonly place: "here" | "cloud";
}

export type Finding =
  | { readonly kind: "ok"; readonly measured: string }
  /** A deploy works; somebody should know. */
  | { readonly kind: "warning"; readonly measured: string; readonly remedies: readonly Remedy[] }
  /** A deploy would fail. The first remedy is the usual one. */
  | { readonly kind: "fix"; readonly measured: string; readonly remedies: readonly Remedy[] }
  /** Nothing was seen that would settle it. */
  | { readonly kind: "unchecked"; readonly measured: string };

export interface Remedy {
  /** To be typed as it is; what is in capital letters is the person's to fill in. */
  readonly command: string;
  /** Who types it, or what it means. */
  readonly note?: string;
}

export type Line = Looked<Check, Finding>;

export const ok = (measured: string): Finding => ({ kind: "ok", measured });
export const warning = (measured: string, ...remedies: readonly Remedy[]): Finding => ({
  kind: "warning",
  measured,
  remedies,
});
export const fix = (measured: string, ...remedies: readonly [Remedy, ...Remedy[]]): Finding => ({
  kind: "fix",
  measured,
  remedies,
});
export const unchecked = (measured: string): Finding => ({ kind: "unchecked", measured });

export const verdicts: Verdicts<Finding> = {
  isGood: ({ kind }) => kind === "ok" || kind === "warning",
  notAsked: (blame) => unchecked(`because of ${blame}`),
  late: (deadlineMs) => unchecked(`no end after ${deadlineMs / 1000} s`),
  thrown: (error) =>
    unchecked(isSignInError(error) ? "no credential on this machine gave a token" : reasonOf(error)),
};
