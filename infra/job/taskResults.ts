/** The results of one task: joined at its end, in parts until then. */
import type { ContainerClient } from "@azure/storage-blob";
import { parseResult, type ResultLine } from "../../worker/contract/result";
import { listNames, readText } from "./blobs";
import { mapWithLimit } from "./mapWithLimit";
import { blobNames } from "./run";

const readsAtOnce = 8;

export async function readResults(output: ContainerClient, job: string, task: string): Promise<ResultLine[]> {
  const names = blobNames(job, task);
  const whole = await readText(output, names.results);
  if (whole !== null) return parseResults(whole, names.results);
  const parts = await listNames(output, names.parts);
  const lines = await mapWithLimit(parts, readsAtOnce, async (part) =>
    parseResults((await readText(output, part)) ?? "", part),
  );
  return lines.flat();
}

function parseResults(text: string, where: string): ResultLine[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => parseResult(line, `${where} line ${index + 1}`));
}
