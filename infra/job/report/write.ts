/** A report where it belongs: run.json with its outcome, report.html and the index in the container, and again in a folder. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { makeFolder } from "../../../worker/contract/folder";
import type { Batch } from "../batch";
import { writeText } from "../blobs";
import { listedRuns, type ListedRun } from "../list";
import { formatRun, writeRun, type Run } from "../run";
import { ownPrices } from "./cost";
import { reportPage } from "./page";
import { embedPictures } from "./pictures";
import type { Report } from "./report";
import { indexPage } from "./runIndex";

export type Folder =
  /** Holds `annotated/` of this run: what `results` wrote. */
  | { readonly kind: "results"; readonly path: string }
  /** Laid out as the container is: reports of several runs and the page over all. */
  | { readonly kind: "container"; readonly path: string };

export interface WrittenReport {
  readonly run: Run;
  /** The page in the folder; null where none was asked for. */
  readonly page: string | null;
}

/** The page over all runs, in the container. */
export const indexBlob = "report/index.html";
const toRoot = "../../";

export async function writeReport(
  report: Report,
  output: ContainerClient,
  batch: Batch,
  folder: Folder | null,
): Promise<WrittenReport> {
  const run: Run = { ...report.collected.run, outcome: report.collected.outcome };
  const embedded = await embedPictures(report.collected, output);
  const inContainer = reportPage(report, embedded, { toRoot, index: `${toRoot}${indexBlob}` });
  await writeText(output, pageOf(run.job), inContainer, htmlType);
  await writeRun(output, run);
  const runs = await listedRuns(output, batch);
  const prices = ownPrices();
  await writeText(
    output,
    indexBlob,
    indexPage(runs, prices, (each) => (each.outcome === null ? null : linkTo(each))),
    htmlType,
  );
  switch (folder?.kind) {
    case undefined:
      return { run, page: null };
    case "results": {
      const page = join(folder.path, "report.html");
      await write(page, reportPage(report, embedded, { toRoot: "", index: null }));
      await write(join(folder.path, "run.json"), formatRun(run));
      return { run, page };
    }
    case "container": {
      const page = join(folder.path, pageOf(run.job));
      await write(page, inContainer);
      await write(join(dirname(page), "run.json"), formatRun(run));
      const isHere = (each: ListedRun): boolean => existsSync(join(folder.path, pageOf(each.job)));
      const index = indexPage(runs, prices, (each) => (isHere(each) ? linkTo(each) : null));
      await write(join(folder.path, indexBlob), index);
      return { run, page };
    }
  }
}

const htmlType = "text/html; charset=utf-8";

function pageOf(job: string): string {
  return `runs/${job}/report.html`;
}

function linkTo({ job }: ListedRun): string {
  return `../${pageOf(job)}`;
}

async function write(file: string, text: string): Promise<void> {
  makeFolder(dirname(file));
  await writeFile(file, text);
}
