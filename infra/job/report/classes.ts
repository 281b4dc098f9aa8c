/** What was found, by class and by confidence; both are filters of the pictures, too. */
import { html, type Markup } from "../../../worker/contract/markup";
import { numberText, plural } from "../words";
import { confidenceHistogram } from "./histogram";
import type { Report } from "./report";

export function found(report: Report): Markup {
  if (report.collected.outcome.detections === 0) return html``;
  return html`<div class="found">${classBars(report)} ${histogram(report)}</div>`;
}

function classBars({ collected: { images, outcome } }: Report): Markup {
  const entries = Object.entries(outcome.byClass);
  const most = Math.max(...entries.map(([, count]) => count));
  const pictures = new Map<string, number>();
  for (const image of images)
    if (image.kind === "done")
      for (const name of new Set(image.line.detections.map((each) => each.name)))
        pictures.set(name, (pictures.get(name) ?? 0) + 1);
  return html`<section aria-labelledby="classes">
    <div class="shown">
      <h2 id="classes">Detections by class</h2>
      <span class="soft">Choose to see only theirs</span>
    </div>
    <div class="card classes" role="group" aria-label="Show only pictures with these classes">
      ${entries.map(
        ([name, count], index) =>
          html`<button
            class="class"
            type="button"
            aria-pressed="false"
            data-class="${index}"
            title="${name}: ${plural(count, "detection")} in ${plural(pictures.get(name) ?? 0, "picture")}"
          >
            <span>${name}</span>
            <span class="bar"><i style="width:${percent(count / most)}"></i></span
            ><span class="count">${numberText(count)}</span>
          </button>`,
      )}
    </div>
  </section>`;
}

function histogram({ collected: { images, run } }: Report): Markup {
  const bins = confidenceHistogram(images);
  const most = Math.max(...bins.map(({ count }) => count));
  return html`<section aria-labelledby="confidence">
    <div class="shown">
      <h2 id="confidence">Detections by confidence</h2>
      <span class="soft">kept above ${run.settings.confidence}</span>
    </div>
    <div class="card histogram">
      <div class="columns" role="group" aria-label="Show only pictures with detections of this confidence">
        ${bins.map(
          ({ from, to, count }) =>
            html`<button
              class="column"
              type="button"
              data-from="${from}"
              data-to="${to}"
              title="${from.toFixed(2)} to ${to.toFixed(2)}: ${plural(count, "detection")}"
              aria-label="${from.toFixed(2)} to ${to.toFixed(2)}: ${plural(count, "detection")}"
            >
              <i style="height:${count === 0 ? "0" : percent(count / most)}"></i>
            </button>`,
        )}
      </div>
      <p class="axis soft" aria-hidden="true">
        <span>0</span><span>0.25</span><span>0.5</span><span>0.75</span><span>1</span>
      </p>
    </div>
  </section>`;
}

function percent(share: number): string {
  return `${Math.max(0.5, Math.round(share * 1000) / 10)}%`;
}
