/** A run's verdict as the pages show it. */
import { exitCode } from "../../../worker/contract/exitCode";
import { html, type Markup } from "../../../worker/contract/markup";
import { exitCodeOf, verdictWord, type Verdict } from "../verdict";

export function verdictPill(verdict: Verdict): Markup {
  return html`<strong class="pill ${toneOf(verdict)}">${verdictWord(verdict)}</strong>`;
}

/** None while it goes on: that is neither good nor bad. */
function toneOf(verdict: Verdict): "good" | "partly" | "bad" | "" {
  if (verdict.kind === "running") return "";
  switch (exitCodeOf(verdict)) {
    case exitCode.ok:
      return "good";
    case exitCode.someFailed:
      return "partly";
    default:
      return "bad";
  }
}
