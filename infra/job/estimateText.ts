/** An estimate for a terminal; pure. */
import type { Rate, Row, RunEstimate } from "./estimate";
import { duration } from "./progress";
import { numberText } from "./submission";

export function estimateText(estimate: RunEstimate): string {
  const { images, bytes, shards, vmSize, rate, rows, currency, pricesAsOf, gap } = estimate;
  if (images === 0) return "Nothing is new: a submit would start no job, and cost nothing.";
  const heads = ["nodes", "finished in", "node-hours", ...(gap === null ? [`cost (${currency})`] : []), ""];
  return [
    `${numberText(images)} images new (${(bytes / 1e6).toFixed(1)} MB) in ${shards} shards, on nodes of ${vmSize}`,
    rateSentence(rate),
    "",
    ...columns([heads, ...rows.map(cells)]),
    "",
    gap === null ? `Prices of ${pricesAsOf}, from infra/prices/prices.json.` : `Not priced: ${gap}.`,
    "Assumed:",
    ...estimate.assumptions.map((each) => `  ${each}`),
  ].join("\n");
}

function rateSentence(rate: Rate): string {
  const speed = `${rate.imagesPerSecondAndNode.toFixed(1)} images a second and node`;
  switch (rate.kind) {
    case "runs":
      return `${speed}: measured over ${numberText(rate.images)} images of ${rate.runs} ${rate.runs === 1 ? "run" : "runs"} on this pool`;
    case "given":
      return `${speed}: by --images-per-second`;
    case "stated":
      return `${speed}: no run of this pool has been reported on; yolov8n on two cores, 640×480, annotated (worker/README.md). Or: --images-per-second`;
  }
}

function cells({ nodes, isBeyond, minutes, nodeHours, cost }: Row): string[] {
  return [
    String(nodes),
    duration(minutes * 60),
    nodeHours.toFixed(2),
    ...(cost === null ? [] : [cost.toFixed(2)]),
    isBeyond ? "more than the pool may have" : "",
  ];
}

/** Numbers to the right, the remark at the end to the left. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}
