/** A run's verdict as the pages show it. */
import { exitCode } from "../../../worker/contract/exitCode";
import { html, type Markup } from "../../../worker/contract/markup";
import { limitsOf } from "../limits";
import type { Outcome } from "../run";
import { exitCodeOf, verdictOf, verdictWord } from "../verdict";

export function verdictPill(outcome: Outcome): Markup {
  const verdict = outcome.verdict ?? earlierVerdict(outcome);
  return html`<strong class="pill ${toneOf(exitCodeOf(verdict))}">${verdictWord(verdict)}</strong>`;
}

function toneOf(code: number): "good" | "partly" | "bad" {
  switch (code) {
    case exitCode.ok:
      return "good";
    case exitCode.someFailed:
      return "partly";
    default:
      return "bad";
  }
}

/** Of a report by a version that knew no verdicts. */
function earlierVerdict({ images, problems = [] }: Outcome) {
  return verdictOf({ kind: "with-its-tasks" }, images, limitsOf({}), problems.length);
}
