/** The head of a report: the verdict, the run, and its numbers. */
import { html, type Markup } from "../../../worker/contract/markup";
import { duration } from "../progress";
import { numberText, minuteOf, plural, rateText } from "../words";
import { amountText, costNote } from "./cost";
import type { Report } from "./report";
import { verdictPill } from "./verdictPill";

/** `index`: where the page over all runs is; null where it cannot be reached from this one. */
export function header({ collected: { run, outcome } }: Report, index: string | null): Markup {
  const { planned, done, failed, notRun } = outcome.images;
  const parts = [
    `${numberText(done)} of ${plural(planned, "image")} done`,
    ...(failed > 0 ? [`${numberText(failed)} failed`] : []),
    ...(notRun > 0 ? [`${numberText(notRun)} not run`] : []),
  ];
  return html`<header class="head">
    <div>
      <h1>Detection report</h1>
      <p class="soft">
        <span class="mono">${run.job}</span> · submitted
        ${minuteOf(run.submittedAt)}${index === null ? html`` : html` · <a href="${index}">All runs</a>`}
      </p>
    </div>
    <p class="verdict">${verdictPill(outcome.verdict)} <span>${parts.join(", ")}</span></p>
  </header>`;
}

export function facts({ collected: { run, outcome }, cost }: Report): Markup {
  const entries: readonly (readonly [name: string, value: string, note: string])[] = [
    ["Images", numberText(outcome.images.planned), ""],
    ["Detections", numberText(outcome.detections), ""],
    [
      "Images per second",
      outcome.imagesPerSecond === null ? "–" : rateText(outcome.imagesPerSecond),
      "Images done and failed, over the time from the first task's start to the last one's end",
    ],
    ["Time", outcome.seconds === null ? "–" : duration(outcome.seconds), ""],
    ["Nodes", outcome.nodes === null ? "–" : String(outcome.nodes), ""],
    ["Tasks", numberText(run.tasks.length), ""],
    cost.kind === "known"
      ? ["Cost", amountText(cost), `List price of ${cost.asOf}: see "This run"`]
      : ["Cost", "–", `Not known: ${cost.reason}`],
  ];
  return html`<dl class="facts">
    ${entries.map(
      ([name, value, note]) =>
        html`<div title="${note}">
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** A line for the table at the end. */
export function costLine({ cost }: Report): string {
  return cost.kind === "known" ? `${amountText(cost)}: ${costNote(cost)}` : `Not known: ${cost.reason}.`;
}
