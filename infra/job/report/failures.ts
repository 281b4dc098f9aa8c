/** What did not work, before all else: tasks, then images with their reasons, then what was not run. */
import { html, type Markup } from "../../../worker/contract/markup";
import type { PlannedImage } from "../collect";
import { numberText, plural } from "../words";
import type { Report } from "./report";

type Failed = Extract<PlannedImage, { kind: "failed" }>;

/** Nobody reads more of one code, and ten thousand would take the page's breath. */
const shownOfCode = 100;
const notRunShown = 200;

export function failures({ collected: { images, problems, lostLogs, outcome } }: Report): Markup {
  const ofTasks = [...problems, ...lostLogs];
  const codes = Object.keys(outcome.byFailure);
  if (codes.length + ofTasks.length === 0) return html``;
  const failed = images.flatMap((image) => (image.kind === "failed" ? [image] : []));
  return html`<section aria-labelledby="failures">
    <h2 id="failures">Failures</h2>
    ${
      ofTasks.length === 0
        ? html``
        : html`<div class="card tasks">${ofTasks.map((sentence) => html`<p>${sentence}</p>`)}</div>`
    }
    ${codes.map((code) =>
      ofOneCode(
        code,
        failed.filter(({ line }) => line.error.code === code),
        codes.length,
      ),
    )}
  </section>`;
}

function ofOneCode(code: string, failed: readonly Failed[], codes: number): Markup {
  const more = failed.length - shownOfCode;
  return html`<details class="card failures" ${codes > 3 && failed.length > 10 ? html`` : html` open`}>
    <summary><code class="code">${code}</code> ${plural(failed.length, "image")}</summary>
    <ul>
      ${failed.slice(0, shownOfCode).map(
        ({ name, line: { error } }) =>
          html`<li>
            <strong><bdi>${name}</bdi></strong
            ><span>${error.message} <span class="soft">(${error.stage})</span></span>
          </li>`,
      )}
    </ul>
    ${more > 0 ? html`<p class="more">… and ${numberText(more)} more: results.ndjson names them all.</p>` : html``}
  </details>`;
}

export function notRun({ collected: { images } }: Report): Markup {
  const names = images.flatMap((image) => (image.kind === "not-run" ? [image.name] : []));
  if (names.length === 0) return html``;
  const shown = names.slice(0, notRunShown);
  const more = names.length - shown.length;
  return html`<section aria-labelledby="not-run">
    <h2 id="not-run">Not run</h2>
    <details class="card failures">
      <summary>
        ${plural(names.length, "image")} of the plan ${names.length === 1 ? "has" : "have"} no result, because
        the run ended before
      </summary>
      <ul>
        ${shown.map((name) => html`<li><bdi>${name}</bdi></li>`)}
      </ul>
      ${more > 0 ? html`<p class="more">… and ${numberText(more)} more</p>` : html``}
    </details>
  </section>`;
}
