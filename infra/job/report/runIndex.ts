/** report/index.html: the runs of a stack, the newest first. */
import { html, type Markup } from "../../../worker/contract/markup";
import type { PriceTable } from "../../prices/prices";
import type { ListedRun } from "../list";
import { duration } from "../progress";
import { numberText, minuteOf, plural, rateText } from "../words";
import { amountText, costOf } from "./cost";
import { pageOf } from "./frame";
import { verdictPill } from "./verdictPill";

/** `linkOf`: where a run's report is, from this page; null where there is none. */
export function indexPage(
  runs: readonly ListedRun[],
  prices: PriceTable,
  linkOf: (run: ListedRun) => string | null,
): string {
  const heads = ["Images", "Failed", "Not run", "Detections", "Images/s", "Time", "Nodes", "Cost"];
  const main = html`<header class="head">
      <div>
        <h1>Detection runs</h1>
        <p class="soft">${plural(runs.length, "run")}, the newest first</p>
      </div>
    </header>
    <section>
      <div class="card scroll">
        <table class="runs">
          <thead>
            <tr>
              <th scope="col">Submitted (UTC)</th>
              <th scope="col">Verdict</th>
              <th scope="col">Run</th>
              ${heads.map((head) => html`<th scope="col" class="right">${head}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${runs.map((run) => row(run, prices, linkOf(run)))}
          </tbody>
        </table>
      </div>
      <p class="soft">
        Cost: list prices of ${prices.asOf}, each node from its first task to its last; – where size, region
        or times are not known. A run that is no link has no report yet: npm run job -- report --job RUN makes
        it.
      </p>
    </section>`;
  return pageOf({ title: "Detection runs", main, after: html``, script: null });
}

function row(run: ListedRun, prices: PriceTable, link: string | null): Markup {
  const { outcome, images } = run;
  const cost = costOf(outcome ?? undefined, prices);
  const numbers = [
    numberText(images.planned),
    numberText(images.failed),
    numberText(images.notRun),
    ...(outcome === null
      ? ["–", "–", "–", "–"]
      : [
          numberText(outcome.detections),
          outcome.imagesPerSecond === null ? "–" : rateText(outcome.imagesPerSecond),
          outcome.seconds === null ? "–" : duration(outcome.seconds),
          String(outcome.nodes ?? "–"),
        ]),
    cost.kind === "known" ? amountText(cost) : "–",
  ];
  return html`<tr>
    <td>${minuteOf(run.submittedAt).replace(" UTC", "")}</td>
    <td>${verdictPill(run.verdict)}</td>
    <td class="mono">${link === null ? html`${run.job}` : html`<a href="${link}">${run.job}</a>`}</td>
    ${numbers.map((text) => html`<td class="right">${text}</td>`)}
  </tr>`;
}
