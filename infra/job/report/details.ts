/** What made the run: digests, versions, settings; and how its cost was reckoned. */
import { html, type Markup } from "../../../worker/contract/markup";
import { nothingToCompare } from "./changes";
import { costLine } from "./header";
import type { Report } from "./report";
import { rowsTable, type Row } from "./rows";

export function runDetails(report: Report): Markup {
  const { run, summaries } = report.collected;
  const { settings, layers } = run;
  const [summary] = summaries;
  const { machine } = report.collected.outcome;
  const rows: readonly Row[] = [
    ["Submitted", run.submittedAt],
    ["Pool", [run.poolId, machine?.vmSize, machine?.location].filter(Boolean).join(", ")],
    ["Cost", costLine(report)],
    [
      "Settings",
      Object.entries(settings)
        .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(" or ") || "all" : value}`)
        .join(", "),
    ],
    ...(summary === undefined ? [] : ofSummary(summary)),
    ["Lineage", run.lineage],
    ...Object.entries(layers).map(([name, digest]) => [`Layer ${name}`, digest] as const),
    ["Inputs digest", run.inputsDigest],
    ...(report.comparison.kind === "none"
      ? [["Compared with", nothingToCompare(report.comparison.looked)] as const]
      : []),
  ];
  return html`<section aria-labelledby="run">
    <h2 id="run">This run</h2>
    <div class="card run">${rowsTable(rows)}</div>
  </section>`;
}

/** Of the first task that came to its end: all have the same layers. */
function ofSummary({ model, versions }: Report["collected"]["summaries"][number]): readonly Row[] {
  return [
    [
      "Model",
      `${model.classes} classes, input ${model.inputWidth} × ${model.inputHeight}, sha256 ${model.sha256}`,
    ],
    [
      "Versions",
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
  ];
}
