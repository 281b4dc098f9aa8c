/** An estimate for a terminal; pure. */
import { columns } from "./columns";
import type { Rate, Row, RunEstimate } from "./estimate";
import { duration } from "./progress";
import { numberText, plural, sizeText } from "./words";

export function estimateText(estimate: RunEstimate): string {
  const { images, bytes, shards, vmSize, rate, rows, currency, pricesAsOf, gap } = estimate;
  if (images === 0) return "Nothing is new: a submit would start no job, and cost nothing.";
  const heads = ["nodes", "finished in", "node-hours", ...(gap === null ? [`cost (${currency})`] : []), ""];
  return [
    `${numberText(images)} images new (${sizeText(bytes)}) in ${shards} shards, on nodes of ${vmSize}`,
    rateSentence(rate),
    "",
    // The remark at the end is no number.
    ...columns([heads, ...rows.map(cells)], (column) => column < heads.length - 1),
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
      return `${speed}: measured over ${numberText(rate.images)} images of ${plural(rate.runs, "run")} on this pool`;
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
