/** report.html: a run as one self-contained page; failures first. Asks nothing of the network. */
import { createHash } from "node:crypto";
import { html, trusted, type Markup } from "../../../worker/contract/markup";
import type { Detection } from "../../../worker/contract/result";
import type { Collected, PlannedImage } from "../collect";
import { duration } from "../progress";
import { pictureLink } from "./pictures";
import { script } from "./script";
import { style } from "./style";

type Done = Extract<PlannedImage, { kind: "done" }>;

const notRunShown = 200;

/** `embedded`: annotated name → data URI. `toRoot`: from the page's folder to the one that holds `annotated/`. */
export function reportPage(
  collected: Collected,
  embedded: ReadonlyMap<string, string>,
  toRoot: string,
): string {
  const { run, outcome, images } = collected;
  const classes = Object.keys(outcome.byClass);
  const done = images.flatMap((image) => (image.kind === "done" ? [image] : []));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>Detection report ${run.job}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <main>
          <header class="head">
            <div>
              <h1>Detection report</h1>
              <p class="soft mono">${run.job}</p>
            </div>
            ${statusPill(collected)}
          </header>
          ${facts(collected)} ${failures(collected)} ${notRun(collected)} ${classBars(outcome.byClass, done)}
          <section aria-labelledby="pictures">
            <div class="shown">
              <h2 id="pictures">Pictures</h2>
              <span class="soft"
                ><span id="shown" aria-live="polite">${plural(done.length, "picture")}</span>
                <button id="clear" type="button" hidden>Show all</button></span
              >
            </div>
            <div class="grid">${done.map((image) => figure(image, classes, embedded, toRoot))}</div>
          </section>
          ${runDetails(collected)}
        </main>
        <dialog aria-label="Picture in full">
          <img alt="" />
          <p></p>
          <button type="button">Close</button>
        </dialog>
        ${scriptElement}
      </body>
    </html> `.markup;
}

/** Put together here, because the policy's hash is over every character between the tags. */
const scriptElement = trusted(`<script>${script}</script>`);

/** Nothing but this script, this style and pictures: a name that got past the escaping could still not run. */
const policy = [
  "default-src 'none'",
  "img-src data: 'self' file:",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
].join("; ");

function statusPill({ outcome }: Collected): Markup {
  const { planned, done, failed, notRun } = outcome.images;
  const parts = [
    `${done} of ${plural(planned, "image")} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ];
  return html`<span class="pill${failed + notRun > 0 ? " partly" : ""}">${parts.join(", ")}</span>`;
}

function facts({ run, outcome }: Collected): Markup {
  const entries: [string, string][] = [
    ["Images", outcome.images.planned.toLocaleString("en")],
    ["Detections", outcome.detections.toLocaleString("en")],
    ...(outcome.imagesPerSecond === null
      ? []
      : [["Images per second", outcome.imagesPerSecond.toFixed(1)] satisfies [string, string]]),
    ...(outcome.seconds === null ? [] : [["Time", duration(outcome.seconds)] satisfies [string, string]]),
    ...(outcome.nodes === null ? [] : [["Nodes", String(outcome.nodes)] satisfies [string, string]]),
    ["Tasks", String(run.tasks.length)],
  ];
  return html`<dl class="facts">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function failures({ images, problems, lostLogs }: Collected): Markup {
  const failed = images.flatMap((image) => (image.kind === "failed" ? [image] : []));
  const ofTasks = [...problems, ...lostLogs];
  if (failed.length + ofTasks.length === 0) return html``;
  const tasks = html`<div class="card tasks">${ofTasks.map((sentence) => html`<p>${sentence}</p>`)}</div>`;
  const list = html`<div class="card failures">
    <ul>
      ${failed.map(
        ({ name, line: { error } }) =>
          html`<li>
            <strong>${name}</strong><span><code class="code">${error.code}</code>${error.message}</span>
          </li>`,
      )}
    </ul>
  </div>`;
  return html`<section aria-labelledby="failures">
    <h2 id="failures">Failures</h2>
    ${ofTasks.length > 0 ? tasks : html``} ${failed.length > 0 ? list : html``}
  </section>`;
}

function notRun({ images }: Collected): Markup {
  const names = images.flatMap((image) => (image.kind === "not-run" ? [image.name] : []));
  if (names.length === 0) return html``;
  const shown = names.slice(0, notRunShown);
  const more = names.length - shown.length;
  return html`<section aria-labelledby="not-run">
    <h2 id="not-run">Not run</h2>
    <p>
      ${plural(names.length, "image")} of the plan ${names.length === 1 ? "has" : "have"} no result, because
      the run ended before.
    </p>
    <details>
      <summary>Names</summary>
      <ul>
        ${shown.map((name) => html`<li>${name}</li>`)}
      </ul>
      ${more > 0 ? html`<p>… and ${more} more</p>` : html``}
    </details>
  </section>`;
}

function classBars(byClass: Readonly<Record<string, number>>, done: readonly Done[]): Markup {
  const entries = Object.entries(byClass);
  if (entries.length === 0) return html``;
  const most = Math.max(...entries.map(([, count]) => count));
  const pictures = new Map<string, number>();
  for (const image of done)
    for (const name of new Set(image.line.detections.map((each) => each.name)))
      pictures.set(name, (pictures.get(name) ?? 0) + 1);
  return html`<section aria-labelledby="classes">
    <div class="shown">
      <h2 id="classes">Detections by class</h2>
      <span class="soft">Choose classes to see only their pictures</span>
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
            <span class="bar"><i style="width:${Math.round((count / most) * 100)}%"></i></span
            ><span class="count">${count}</span>
          </button>`,
      )}
    </div>
  </section>`;
}

function figure(
  { name, line }: Done,
  classes: readonly string[],
  embedded: ReadonlyMap<string, string>,
  toRoot: string,
): Markup {
  const counts = new Map<string, number>();
  for (const each of line.detections) counts.set(each.name, (counts.get(each.name) ?? 0) + 1);
  const found = [...counts].map(([className, count]) => `${count} ${className}`);
  const ids = [...counts.keys()].map((className) => classes.indexOf(className)).join(" ");
  const src =
    line.annotated === null ? null : (embedded.get(line.annotated) ?? pictureLink(toRoot, line.annotated));
  const picture =
    src === null
      ? html`<div class="none">no annotated picture</div>`
      : html`<button class="open" type="button" title="Show in full">
          <img loading="lazy" src="${src}" alt="${name}: ${found.join(", ") || "nothing detected"}" />
        </button>`;
  return html`<figure class="card" data-classes="${ids}">
    ${picture}
    <figcaption>
      <strong>${name}</strong>
      <span class="soft"
        >${line.image.width} × ${line.image.height}${line.image.truncated === true ? ", truncated" : ""}</span
      >
      <p class="chips">
        ${found.length === 0 ? html`<span class="soft">nothing detected</span>` : found.map((text) => html`<span>${text}</span>`)}
      </p>
      ${line.detections.length === 0 ? html`` : detectionTable(line.detections)}
    </figcaption>
  </figure>`;
}

function detectionTable(detections: readonly Detection[]): Markup {
  return html`<details>
    <summary>${plural(detections.length, "detection")}</summary>
    <div class="scroll">
      <table>
        <tr>
          <th>Class</th>
          <th class="right">Confidence</th>
          <th class="right">Box (pixels)</th>
        </tr>
        ${detections.map(
          ({ name, confidence, box }) =>
            html`<tr>
              <td>${name}</td>
              <td class="right">${confidence.toFixed(2)}</td>
              <td class="right">${[box.x1, box.y1, box.x2, box.y2].map(Math.round).join(", ")}</td>
            </tr>`,
        )}
      </table>
    </div>
  </details>`;
}

function runDetails({ run, summaries }: Collected): Markup {
  const { settings, layers } = run;
  const model = summaries[0]?.model;
  const rows: [string, string][] = [
    ["Submitted", run.submittedAt],
    ["Pool", run.poolId],
    ["Lineage", run.lineage],
    [
      "Settings",
      Object.entries(settings)
        .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(" or ") || "all" : value}`)
        .join(", "),
    ],
    ...(model === undefined
      ? []
      : [
          ["Model", `${model.classes} classes, input ${model.inputWidth} × ${model.inputHeight}`] satisfies [
            string,
            string,
          ],
        ]),
    ...Object.entries(layers).map(([name, digest]): [string, string] => [`Layer ${name}`, digest]),
    ["Inputs digest", run.inputsDigest],
  ];
  return html`<section aria-labelledby="run">
    <h2 id="run">This run</h2>
    <div class="card run">
      <table>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="wrap mono">${value}</td>
            </tr>`,
        )}
      </table>
    </div>
  </section>`;
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
