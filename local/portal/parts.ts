/** The small parts that pages are put together from: tables, facts, states, times, failures. */
import { html, type Markup } from "../../worker/contract/markup";
import type { FailureInfo, RunInfo, TaskRecord } from "../compute/state";

type Cell = string | number | Markup;

/** `none`: what is said where there are no rows. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[], none: string): Markup {
  if (rows.length === 0) return html`<p class="soft">${none}</p>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Facts without a value are left out. */
export function facts(all: Readonly<Record<string, Cell | undefined>>): Markup {
  const known = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  );
  return html`<dl>
    ${known.map(
      ({ name, value }) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

const goodStates = new Set(["active", "steady", "idle", "running", "completed", "success"]);
const badStates = new Set(["starttaskfailed", "unusable", "failure"]);

/** A state in the service's own word; everything that passes by itself is neither good nor bad. */
export function state(word: string): Markup {
  const look = goodStates.has(word) ? "good" : badStates.has(word) ? "bad" : "warn";
  return html`<span class="${look}">${word}</span>`;
}

/** Of a task: that it has ended is only good where it ended well. */
export function taskState({ state: word, run }: TaskRecord): Markup {
  return run.result === "failure" ? html`<span class="bad">${word}</span>` : state(word);
}

/** How often its command line was begun. */
export function tries({ startTime, retryCount }: RunInfo): number {
  return startTime === undefined ? 0 : retryCount + 1;
}

export function link(path: string, label: string): Markup {
  return html`<a href="${path}">${label}</a>`;
}

/** Of the run of a command line: how it ended, or that it has not. */
export function outcome(run: RunInfo): Markup {
  if (run.failureInfo !== undefined) return failure(run.failureInfo);
  if (run.endTime === undefined) return html`<span class="soft">–</span>`;
  return html`<span class="good">exit code ${run.exitCode ?? 0}</span>`;
}

/** The service's code and message, and the details that tell the exit code or the blob. */
export function failure({ code, message, details = [] }: FailureInfo): Markup {
  const more = details
    .map(({ name, value }) => (name === "Message" ? value : `${name}: ${value}`))
    .join("; ");
  return html`<span class="text"
    ><span class="bad">${code}</span> ${message}${more === "" ? "" : ` (${more})`}</span
  >`;
}

/** A node's id is 70 characters long and differs in the first ones. */
export function nodeLink(path: string, id: string): Markup {
  return html`<a href="${path}" title="${id}">${id.length > 16 ? `${id.slice(0, 14)}…` : id}</a>`;
}

/** A point in time by its UTC time of day; the whole of it where the pointer rests. */
export function time(at: string | undefined): Cell {
  return at === undefined ? "–" : html`<time datetime="${at}" title="${at}">${at.slice(11, 19)}</time>`;
}

/** From one point in time to another, or to now. */
export function lasted(from: string | undefined, to: string | undefined, nowMs: number): string {
  if (from === undefined) return "–";
  const seconds = ((to === undefined ? nowMs : Date.parse(to)) - Date.parse(from)) / 1000;
  return seconds < 60
    ? `${Math.max(0, seconds).toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
