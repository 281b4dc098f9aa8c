/** The timeline as a drawing: a strip for each node, a bar for each task. */
import { html, type Markup } from "../../../worker/contract/markup";
import { numberText, plural } from "../words";
import type { Report } from "./report";
import { timelineOf, type Bar, type NodeLanes, type Timeline } from "./timeline";

/** More nodes are counted only. */
const nodesShown = 60;
/** With more tasks a bar is a few pixels at most, and one path draws a node's. */
const singleBars = 600;
/** Units of the drawing; its width is the page's. */
const wide = 1000;
const laneHeight = 10;

export function chart({ collected: { outcome } }: Report): Markup {
  const timeline = timelineOf(outcome.tasks ?? []);
  if (timeline === null) return html``;
  const { nodes, ticks, seconds } = timeline;
  const tasks = nodes.reduce((sum, node) => sum + node.tasks, 0);
  const more = nodes.length - nodesShown;
  return html`<section aria-labelledby="timeline">
    <div class="shown">
      <h2 id="timeline">Nodes and tasks over time</h2>
      <span class="soft keys"
        ><i class="succeeded"></i> succeeded <i class="failed"></i> failed <i class="unended"></i> not
        ended</span
      >
    </div>
    <div class="card timeline">
      ${nodes.slice(0, nodesShown).map((node) => strip(node, timeline, tasks <= singleBars))}
      <div class="strip" aria-hidden="true">
        <span></span>
        <p class="ticks soft">
          ${ticks.map((tick) => html`<span style="left:${round((tick / seconds) * 100)}%">${clock(tick)}</span>`)}
        </p>
      </div>
      ${more > 0 ? html`<p class="soft">… and ${plural(more, "node")} more</p>` : html``}
    </div>
  </section>`;
}

function strip({ node, tasks, lanes }: NodeLanes, { seconds }: Timeline, single: boolean): Markup {
  const height = lanes.length * laneHeight;
  const label = `${node}: ${plural(tasks, "task")}, ${lanes.length} at once`;
  const bars = lanes.flatMap((lane, index) => lane.map((bar) => placed(bar, index, seconds)));
  return html`<div class="strip">
    <span class="mono" title="${label}"><bdi>${node}</bdi></span>
    <svg
      viewBox="0 0 ${wide} ${height}"
      preserveAspectRatio="none"
      style="height:${height + 2}px"
      role="img"
      aria-label="${label}"
    >
      ${single ? bars.map(oneBar) : paths(bars)}
    </svg>
  </div>`;
}

interface Placed {
  readonly bar: Bar;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** A gap between bars that follow each other, unless they are narrower. */
function placed(bar: Bar, lane: number, seconds: number): Placed {
  const x = (bar.from / seconds) * wide;
  const width = ((bar.to - bar.from) / seconds) * wide;
  return { bar, x: round(x), y: lane * laneHeight + 1, width: round(Math.max(width - 1.5, width / 2, 0.5)) };
}

function oneBar({ bar, x, y, width }: Placed): Markup {
  const { task, from, to, state, retries } = bar;
  const tries = retries > 0 ? `, try ${retries + 1}` : "";
  return html`<rect class="${state}" x="${x}" y="${y}" width="${width}" height="${laneHeight - 2}">
    <title>${task}: ${state}, ${clock(from)} to ${clock(to)} (${(to - from).toFixed(1)} s)${tries}</title>
  </rect>`;
}

function paths(bars: readonly Placed[]): Markup[] {
  return (["succeeded", "failed", "unended"] as const).flatMap((state) => {
    const own = bars.filter(({ bar }) => bar.state === state);
    const path = own.map(({ x, y, width }) => `M${x} ${y}h${width}v${laneHeight - 2}h-${width}z`).join("");
    return own.length === 0
      ? []
      : [html`<path class="${state}" d="${path}"><title>${numberText(own.length)} ${state}</title></path>`];
  });
}

/** "0:05", "1:02:00": minutes and seconds, from an hour up hours, too. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (part: number): string => String(part).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
