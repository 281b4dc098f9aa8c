/** Sentences that the report for a terminal and the comment of a pull request share; pure. */
import type { Cost, Estimate, Side } from "./cost";
import type { NodeRange } from "./nodes";
import type { Review } from "./review";

/** `~`, as Pulumi's own preview has them. */
export function signOf(op: string): string {
  return { create: "+", delete: "-", update: "~", replace: "+-" }[op] ?? op;
}

export function nodesSentence({ before, after }: Estimate): string {
  if (after.kind === "unseen") return "as they are; the preview does not show the pool (--show-sames does)";
  return arrow(nodesIn(before), nodesIn(after));
}

/** Two sentences: idle and at the ceiling; undefined where nothing can be said. */
export function costSentence({ before, after, currency }: Estimate): string | undefined {
  if (after.kind === "unseen") return undefined;
  const money = (side: Side, amount: (cost: Cost) => number): string =>
    side.kind === "seen" && side.cost !== null ? amount(side.cost).toFixed(2) : "?";
  const idle = (side: Side): string => money(side, ({ idlePerDay }) => idlePerDay);
  const ceiling = (side: Side): string => money(side, ({ ceilingPerHour }) => ceilingPerHour);
  return (
    `idle ${arrow(idle(before), idle(after))} ${currency} a day, ` +
    `at the ceiling ${arrow(ceiling(before), ceiling(after))} ${currency} an hour`
  );
}

export function priceSentence({ pricesAsOf }: Estimate): string {
  return `List prices of ${pricesAsOf}, virtual machines alone: check them before you build on them.`;
}

export function sumOf({ highest, changes }: Review): string {
  if (highest === null) return "nothing changes";
  const count = changes.length === 1 ? "1 resource changes" : `${changes.length} resources change`;
  return `${highest}; ${count}`;
}

function nodesIn(side: Side): string {
  return side.kind === "seen" && side.nodes !== null ? rangeOf(side.nodes) : "?";
}

function rangeOf({ idle, ceiling }: NodeRange): string {
  return idle === ceiling ? String(idle) : `${idle}–${ceiling}`;
}

function arrow(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}
