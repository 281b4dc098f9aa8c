/** report.html: a run as one self-contained page; failures first. Asks nothing of the network but the pictures beside it. */
import { html } from "../../../worker/contract/markup";
import { browse, fullView } from "./browse";
import { changesSince } from "./changes";
import { chart } from "./chart";
import { found } from "./classes";
import { dataElement, pageData } from "./data";
import { runDetails } from "./details";
import { failures, notRun } from "./failures";
import { pageOf } from "./frame";
import { facts, header } from "./header";
import type { Report } from "./report";
import { script } from "./script/script";

export interface Place {
  /** From the page's folder to the one that holds `annotated/`: "" or "../../". */
  readonly toRoot: string;
  /** The page over all runs, from this one; null where it is not there. */
  readonly index: string | null;
}

/** `embedded`: annotated name → data URI; other pictures are linked. */
export function reportPage(
  report: Report,
  embedded: ReadonlyMap<string, string>,
  { toRoot, index }: Place,
): string {
  const { embedded: inPage, ...data } = pageData(report, embedded, toRoot);
  const main = html`${header(report, index)} ${facts(report)} ${failures(report)} ${notRun(report)}
  ${changesSince(report)} ${found(report)} ${browse(report)} ${chart(report)} ${runDetails(report)}`;
  const after = html`${fullView} ${dataElement("data", data)} ${dataElement("embedded", inPage)}`;
  return pageOf({ title: `Detection report ${report.collected.run.job}`, main, after, script });
}
