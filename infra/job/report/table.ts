/** The report on the terminal: failures first, then counts by class, then speed. */
import type { Colors } from "picocolors/types";
import { exitCode } from "../../../worker/contract/exitCode";
import type { Collected } from "../collect";
import { printable } from "../printable";
import { exitCodeOf, verdictSentence } from "../verdict";
import { firstOf } from "../words";
import { differenceCounts } from "./changes";
import { amountText } from "./cost";
import type { Report } from "./report";

/** More are counted only: the whole list is in report.html and results.ndjson. */
const failuresShown = 20;
const sentencesShown = 10;
const classesShown = 15;
const barWidth = 24;

export function reportTable(report: Report, colors: Colors): string {
  const { collected } = report;
  const { run, outcome } = collected;
  const { planned, done, failed, notRun } = outcome.images;
  const state = failed + notRun === 0 ? colors.green : colors.yellow;
  const verdict = exitCodeOf(outcome.verdict) === exitCode.actionNeeded ? colors.red : colors.green;
  const lines = [
    `Run ${colors.bold(run.job)}: ${state(`${done} of ${planned} images done`)}` +
      (failed > 0 ? `, ${colors.red(`${failed} failed`)}` : "") +
      (notRun > 0 ? `, ${colors.red(`${notRun} not run`)}` : ""),
    verdict(verdictSentence(outcome.verdict)),
    ...firstOf(collected.problems, sentencesShown).map((sentence) => colors.red(sentence)),
    ...firstOf(collected.lostLogs, sentencesShown).map((sentence) => colors.yellow(sentence)),
    ...failureLines(collected, colors),
    ...classLines(collected, colors),
    "",
    ...changeLines(report),
    speedLine(report),
  ];
  return lines.join("\n") + "\n";
}

function failureLines({ images }: Collected, colors: Colors): string[] {
  const failures = images.flatMap((image) => (image.kind === "failed" ? [image] : []));
  if (failures.length === 0) return [];
  const shown = failures.slice(0, failuresShown);
  const width = Math.max(...shown.map(({ name }) => printable(name).length));
  const codeWidth = Math.max(...shown.map(({ line }) => line.error.code.length));
  return [
    "",
    colors.bold("Failed images"),
    ...shown.map(
      ({ name, line: { error } }) =>
        `  ${printable(name).padEnd(width)}  ${colors.red(error.code.padEnd(codeWidth))}  ${printable(error.message)}`,
    ),
    ...(failures.length > shown.length ? [`  … and ${failures.length - shown.length} more`] : []),
  ];
}

function classLines({ outcome }: Collected, colors: Colors): string[] {
  const all = Object.entries(outcome.byClass);
  const classes = all.slice(0, classesShown);
  if (classes.length === 0) return ["", "Nothing was detected."];
  const nameWidth = Math.max(...classes.map(([name]) => printable(name).length));
  const most = Math.max(...classes.map(([, count]) => count));
  const countWidth = String(most).length;
  return [
    "",
    colors.bold("Detections by class"),
    ...classes.map(([name, count]) => {
      const bar = "█".repeat(Math.max(1, Math.round((count / most) * barWidth)));
      return `  ${printable(name).padEnd(nameWidth)}  ${String(count).padStart(countWidth)}  ${colors.cyan(bar)}`;
    }),
    ...(all.length > classes.length ? [`  … and ${all.length - classes.length} more classes`] : []),
  ];
}

function changeLines({ comparison }: Report): string[] {
  if (comparison.kind === "none") return [];
  const counts = differenceCounts(comparison.difference).map(printable);
  return [`Against ${comparison.previous.job}: ${counts.join(", ")}`];
}

function speedLine({ collected: { outcome, run }, cost }: Report): string {
  const { seconds, imagesPerSecond, nodes } = outcome;
  const parts = [
    `${outcome.detections} detections`,
    ...(seconds === null ? [] : [`${seconds.toFixed(1)} s`]),
    ...(imagesPerSecond === null ? [] : [`${imagesPerSecond.toFixed(1)} images/s`]),
    ...(nodes === null ? [] : [`${nodes} ${nodes === 1 ? "node" : "nodes"}`]),
    `${run.tasks.length} ${run.tasks.length === 1 ? "task" : "tasks"}`,
    ...(cost.kind === "known" ? [`${amountText(cost)} (list prices of ${cost.asOf})`] : []),
  ];
  return parts.join(" · ");
}
