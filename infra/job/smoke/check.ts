/** A check of `npm run smoke`: one assumption that a deployed stack bears out or not, and what to change when it does not. */
import type { Looked, Runnable } from "../runChecks";
import type { SmokeCloud } from "./cloud";

export interface Check extends Runnable<SmokeCloud, Finding> {
  /** What is assumed, as a statement. */
  readonly title: string;
  /** Heading of docs/first-azure-run.md that tells of the assumption. */
  readonly anchor: string;
  /** What to change when the statement is wrong. */
  readonly change: string;
}

export type Finding =
  | { readonly kind: "ok"; readonly measured: string }
  | { readonly kind: "wrong"; readonly measured: string }
  /** Nothing was seen that would settle it. */
  | { readonly kind: "unknown"; readonly measured: string };

export type Line = Looked<Check, Finding>;

export const ok = (measured: string): Finding => ({ kind: "ok", measured });
export const wrong = (measured: string): Finding => ({ kind: "wrong", measured });
export const unknown = (measured: string): Finding => ({ kind: "unknown", measured });
