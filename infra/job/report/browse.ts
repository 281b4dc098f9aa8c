/** The pictures' section: the filters and the empty place that the script fills; and the view of one picture in full. */
import { html, type Markup } from "../../../worker/contract/markup";
import { numberText, plural } from "../words";
import { mostPictures } from "./data";
import { hasLost } from "./difference";
import type { Report } from "./report";

export function browse(report: Report): Markup {
  const { done } = report.collected.outcome.images;
  if (done === 0) return html``;
  const left = done - mostPictures;
  return html`<section aria-labelledby="pictures">
    <h2 id="pictures">Pictures</h2>
    ${
      left > 0
        ? html`<p class="soft">
            The first ${numberText(mostPictures)} of ${plural(done, "picture")}; results.ndjson has all.
          </p>`
        : html``
    }
    <form class="filters" role="search" autocomplete="off">
      <label>Name <input id="text" type="search" placeholder="part of a name" spellcheck="false" /></label>
      <label>
        Show
        <select id="show">
          <option value="all">all</option>
          <option value="found">with detections</option>
          <option value="empty">nothing detected</option>
          ${comparedOptions(report)}
        </select>
      </label>
      <fieldset>
        <legend>Confidence</legend>
        <input id="from" type="number" min="0" max="1" step="0.05" value="0" aria-label="Confidence from" /> –
        <input id="to" type="number" min="0" max="1" step="0.05" value="1" aria-label="Confidence to" />
      </fieldset>
      <p class="soft">
        <span id="shown" aria-live="polite">${plural(Math.min(done, mostPictures), "picture")}</span>
        <button id="clear" class="link" type="button" hidden>Show all</button>
      </p>
    </form>
    <p id="notice" class="notice" role="status" hidden></p>
    <div id="grid"><div class="cards"></div></div>
    <noscript><p>The pictures need this page's own script; results.ndjson has what was found.</p></noscript>
  </section>`;
}

function comparedOptions({ comparison }: Report): Markup {
  if (comparison.kind === "none" || comparison.difference.images.length === 0) return html``;
  return html`<option value="differs">other than before</option>
    ${comparison.difference.images.some(hasLost) ? html`<option value="lost">lost detections</option>` : html``}`;
}

export const fullView = html`<dialog aria-labelledby="full-name">
  <div id="full-picture"></div>
  <aside>
    <div class="bar-of-view">
      <button id="previous" type="button" aria-label="Previous picture" title="Previous (←)">←</button>
      <span id="full-position" class="soft"></span>
      <button id="next" type="button" aria-label="Next picture" title="Next (→)">→</button>
      <button id="close" type="button" autofocus title="Close (Esc)">Close</button>
    </div>
    <h2 id="full-name"></h2>
    <p id="full-facts" class="soft"></p>
    <ul id="full-list"></ul>
  </aside>
</dialog>`;
