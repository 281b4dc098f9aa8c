/** `job diff` on the terminal: what differs, in the order in which one asks. Pure. */
import type { Colors } from "picocolors/types";
import type { Change, RunDiff } from "./diff";
import { printable } from "./printable";
import { differenceCounts, differenceText } from "./report/changes";
import { hasLost } from "./report/difference";
import { minuteOf } from "./words";

/** More are counted only: `--json` has all. */
const imagesShown = 20;
const namesShown = 10;

export function diffText(diff: RunDiff, colors: Colors): string {
  const { before, after, results } = diff;
  // Those that lost something first.
  const images = [...results.images].sort((a, b) => Number(hasLost(b)) - Number(hasLost(a)));
  const lines = [
    colors.red(`--- ${before.job}  ${minuteOf(before.submittedAt)}`),
    colors.green(`+++ ${after.job}  ${minuteOf(after.submittedAt)}`),
    ...table("Layers, settings, inputs", diff.receipt, "the same", colors),
    ...table("Counts", diff.counts, "the same", colors),
    ...table("Detections by class", diff.classes, "the same", colors),
    ...table("Failed images by code", diff.failures, null, colors),
    "",
    colors.bold("Results"),
    ...differenceCounts(results).map((each) => `  ${printable(each)}`),
    ...images
      .slice(0, imagesShown)
      .map((each) => `    ${printable(`${each.name}: ${differenceText(each)}`)}`),
    ...(images.length > imagesShown
      ? [`    … and ${images.length - imagesShown} more (--json has all)`]
      : []),
    ...only(`only in ${before.job}`, diff.onlyBefore),
    ...only(`only in ${after.job}`, diff.onlyAfter),
  ];
  return lines.join("\n") + "\n";
}

/** `none`: what is said where nothing differs; null: nothing. */
function table(title: string, changes: readonly Change[], none: string | null, colors: Colors): string[] {
  if (changes.length === 0) return none === null ? [] : ["", `${colors.bold(title)}: ${none}`];
  const rows = changes.map(
    ({ name, before, after }) => [printable(name), shown(before), shown(after)] as const,
  );
  const [names, befores] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return [
    "",
    colors.bold(title),
    ...rows.map(
      ([name, before, after], index) =>
        `  ${name.padEnd(names!)}  ${before.padStart(befores!)} → ${after}${growth(changes[index]!)}`,
    ),
  ];
}

/** A digest by its beginning; "–" where only the other run has it. */
function shown(value: Change["before"]): string {
  return value === null ? "–" : printable(String(value)).replace(/^([0-9a-f]{12})[0-9a-f]{20,}$/, "$1…");
}

function growth({ before, after }: Change): string {
  if (typeof before !== "number" || typeof after !== "number") return "";
  const by = Math.round((after - before) * 100) / 100;
  return `  (${by > 0 ? "+" : ""}${by})`;
}

function only(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : "";
  return [`  ${names.length} ${what}: ${names.slice(0, namesShown).map(printable).join(", ")}${more}`];
}
