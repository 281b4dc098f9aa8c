/** A parity report as text for people. */
import { textTable } from "../textTable";
import { totalOf, type Certificate } from "./certificate";
import type { PictureComparison } from "./comparison";
import type { ParityReport } from "./parity";

export function parityTable({ certificate, pictures, ignored }: ParityReport): string {
  const head = ["picture", "ours", "reference", "missing", "extra", "worst IoU", "box px", "score", "equal"];
  const table = textTable(head, [...pictures, totalOf(pictures)].map(rowOf));
  const failed = certificate.failed.map(({ name, reason }) => `${name} could not be compared: ${reason}`);
  const others = ignored.length === 0 ? [] : [`Not in the golden file, and left out: ${listed(ignored)}.`];
  return [table, "", ...others, ...failed, verdictLine(certificate)].join("\n");
}

function rowOf({ name, ours, reference, missing, extra, equal, worst }: PictureComparison): string[] {
  return [
    name,
    ...[ours, reference, missing, extra].map(String),
    worst.iou.toFixed(6),
    difference(worst.boxPx),
    difference(worst.score),
    `${equal}/${reference}`,
  ];
}

function difference(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function verdictLine({ verdict, equal, detections, tolerance, reference }: Certificate): string {
  const programs = Object.entries(reference.versions).map(([name, version]) => `${name} ${version}`);
  const against = programs.length === 0 ? "a reference that does not say what made it" : programs.join(", ");
  const share = `${equal} of ${detections} detections are equal to 5 decimals`;
  switch (verdict) {
    case "equal":
      return `Equal: ${share} (against ${against}).`;
    case "within tolerance":
      return `Within tolerance (IoU ≥ ${tolerance.iou}, score ± ${tolerance.score}): ${share} (against ${against}).`;
    case "out of tolerance":
      return `Out of tolerance (IoU ≥ ${tolerance.iou}, score ± ${tolerance.score}, none missing or extra, no picture without an answer): ${share} (against ${against}).`;
  }
}
