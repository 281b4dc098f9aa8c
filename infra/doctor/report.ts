/** The lines of `npm run doctor` as text and as JSON, and what they come to; pure. */
import { exitCode } from "../../worker/contract/exitCode";
import type { Colours } from "../job/smoke/report";
import type { Finding, Line } from "./check";

const words: Readonly<Record<Finding["kind"], string>> = {
  ok: "ok",
  warning: "warning",
  fix: "fix",
  unchecked: "not checked",
};

export function textOf({ check, finding }: Line, colours: Colours): string {
  const colour = { ok: colours.green, warning: colours.yellow, fix: colours.red, unchecked: colours.yellow }[
    finding.kind
  ];
  const line = `${colour(words[finding.kind].padEnd(11))}  ${check.id.padEnd(24)} ${check.title}: ${finding.measured}`;
  const remedies = "remedies" in finding ? finding.remedies : [];
  return [
    line,
    ...remedies.map(
      ({ command, note }) => `${" ".repeat(13)}→ ${command}${note ? colours.dim(`   # ${note}`) : ""}`,
    ),
  ].join("\n");
}

export function jsonOf(lines: readonly Line[]): object {
  return {
    ok: exitCodeOf(lines) === exitCode.ok,
    checks: lines.map(({ check, finding, tookMs }) => ({
      id: check.id,
      title: check.title,
      verdict: words[finding.kind],
      measured: finding.measured,
      ...("remedies" in finding && { remedies: finding.remedies }),
      tookMs,
    })),
  };
}

/** Whether anything of the cloud was settled. */
function sawCloud(lines: readonly Line[]): boolean {
  return lines.some(({ check, finding }) => check.place === "cloud" && finding.kind !== "unchecked");
}

/** A deploy would fail, or nobody knows: 1. Warnings, and single checks that could not be made, are no reason to stop. */
export function exitCodeOf(lines: readonly Line[]): number {
  const isBroken = lines.some(({ finding }) => finding.kind === "fix") || !sawCloud(lines);
  return isBroken ? exitCode.actionNeeded : exitCode.ok;
}

export function closingSentence(lines: readonly Line[], again: string): string {
  const count = (kind: Finding["kind"]): number =>
    lines.filter(({ finding }) => finding.kind === kind).length;
  const warnings = `${count("warning")} ${count("warning") === 1 ? "warning" : "warnings"}`;
  const counts = `${count("ok")} ok, ${warnings}, ${count("fix")} to fix, ${count("unchecked")} not checked.`;
  if (count("fix") > 0) return `${counts} Put right the first, then look again: ${again}`;
  return sawCloud(lines) ? counts : `${counts} Azure was not asked anything; look again: ${again}`;
}
