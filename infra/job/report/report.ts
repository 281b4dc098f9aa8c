/** The report of a run in its three forms: run.json with its outcome, report.html, and both again in a folder. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { makeFolder } from "../../../worker/contract/folder";
import { writeText } from "../blobs";
import type { Collected } from "../collect";
import { formatRun, writeRun, type Run } from "../run";
import { reportPage } from "./page";
import { embedPictures } from "./pictures";

/** Writes to `runs/<job>/` of the output container and, unless null, to a folder that also holds `annotated/`. */
export async function writeReport(
  collected: Collected,
  output: ContainerClient,
  folder: string | null,
): Promise<Run> {
  const run: Run = { ...collected.run, outcome: collected.outcome };
  const embedded = await embedPictures(collected, output);
  const page = reportPage(collected, embedded, "../../");
  await writeText(output, `runs/${run.job}/report.html`, page, "text/html; charset=utf-8");
  await writeRun(output, run);
  if (folder !== null) {
    makeFolder(folder);
    await writeFile(join(folder, "report.html"), reportPage(collected, embedded, ""));
    await writeFile(join(folder, "run.json"), formatRun(run));
  }
  return run;
}
