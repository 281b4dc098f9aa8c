/** The lines of `npm run smoke` as text and as JSON; pure. */
import type { Finding, Line } from "./check";

export interface Colours {
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly dim: (text: string) => string;
}

export const page = "docs/first-azure-run.md";

const words: Readonly<Record<Finding["kind"], string>> = {
  ok: "ok",
  wrong: "wrong",
  unknown: "could not tell",
};

export function textOf({ check, finding, tookMs }: Line, colours: Colours): string {
  const colour = { ok: colours.green, wrong: colours.red, unknown: colours.yellow }[finding.kind];
  const took = tookMs === null ? "" : colours.dim(` (${tookMs} ms)`);
  // What was not asked needs no statement: the line that is to blame has one.
  const statement = tookMs === null ? finding.measured : `${check.title}: ${finding.measured}`;
  const line = `${colour(words[finding.kind].padEnd(14))} ${check.id.padEnd(18)} ${statement}${took}`;
  return finding.kind === "wrong"
    ? `${line}\n${" ".repeat(15)}→ ${check.change} See ${page}#${check.anchor}`
    : line;
}

export function jsonOf(lines: readonly Line[]): object {
  return {
    ok: !lines.some(({ finding }) => finding.kind === "wrong"),
    checks: lines.map(({ check, finding, tookMs }) => ({
      id: check.id,
      title: check.title,
      verdict: words[finding.kind],
      measured: finding.measured,
      ...(finding.kind === "wrong" && { change: check.change }),
      see: `${page}#${check.anchor}`,
      tookMs,
    })),
  };
}

export function closingSentence(lines: readonly Line[]): string {
  const count = (kind: Finding["kind"]): number =>
    lines.filter(({ finding }) => finding.kind === kind).length;
  return `${count("ok")} ok, ${count("wrong")} wrong, ${count("unknown")} could not tell.`;
}
