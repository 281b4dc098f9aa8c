/** A run's results on disk: results.ndjson joined over the tasks, summary.json over the run, annotated pictures, other formats. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { fileIn, makeFolder } from "../../worker/contract/folder";
import { cocoCategories } from "../../worker/contract/formats/coco";
import { openFormatFiles, type WantedFormats } from "../../worker/contract/formats/formatFiles";
import { formatResult } from "../../worker/contract/result";
import type { Summary } from "../../worker/contract/summary";
import { readBytes } from "./blobs";
import type { Collected } from "./collect";
import { mapWithLimit } from "./mapWithLimit";

export interface Written {
  readonly folder: string;
  readonly results: number;
  readonly annotated: number;
  /** A sentence for each thing that could not be written. */
  readonly missing: readonly string[];
}

const downloadsAtOnce = 8;

export async function writeResults(
  collected: Collected,
  output: ContainerClient,
  folder: string,
  wanted: WantedFormats,
): Promise<Written> {
  const missing: string[] = [];
  makeFolder(folder);
  missing.push(...(await writeFormats(collected, wanted)));

  const lines = collected.images.flatMap((image) => (image.kind === "not-run" ? [] : [image.line]));
  await writeFile(join(folder, "results.ndjson"), lines.map(formatResult).join(""));
  const { notRun } = collected.outcome.images;
  if (notRun > 0) missing.push(`${notRun} of ${collected.images.length} images were not run.`);

  const summary = summaryOf(collected);
  if (summary !== null)
    await writeFile(join(folder, "summary.json"), JSON.stringify(summary, null, 2) + "\n");
  else if (lines.length > 0) missing.push("No task came to its end, so there is no summary.json.");

  const names = annotatedOf(collected);
  const sizes = await mapWithLimit(names, downloadsAtOnce, async (name) => {
    const file = fileIn(folder, name);
    const bytes = file === null ? null : await readBytes(output, name);
    if (file === null || bytes === null) return null;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    return bytes.length;
  });
  names.forEach((name, index) => {
    if (sizes[index] === null)
      missing.push(`${name} is not in the output container, or its name leads out of the folder.`);
  });
  return {
    folder,
    results: lines.length,
    annotated: sizes.filter((size) => size !== null).length,
    missing,
  };
}

async function writeFormats(collected: Collected, wanted: WantedFormats): Promise<string[]> {
  const files = await openFormatFiles(wanted, {
    images: collected.images.map(({ name }) => name),
    categoryOf: categoriesOf(collected),
  });
  for (const image of collected.images) if (image.kind === "done") await files.append(image.line);
  return files.finish();
}

/** Pure: COCO's category ids where what was found bears out that the model has COCO's classes; names of the others are not in the results. */
export function categoriesOf({ images, summaries }: Collected): (classNumber: number) => number {
  // A run of which no task came to its end has told its classes by what it found alone.
  return cocoCategories(summaries[0]?.model.classes ?? 80, classesFound(images));
}

function* classesFound(images: Collected["images"]): Iterable<readonly [number, string]> {
  for (const image of images)
    if (image.kind === "done") for (const found of image.line.detections) yield [found.class, found.name];
}

/** Names, in the output container, of the annotated pictures of a run. */
export function annotatedOf({ images }: Collected): string[] {
  return images.flatMap((image) => (image.kind === "done" ? (image.line.annotated ?? []) : []));
}

/**
 * Pure: the run in the shape of one shard's summary; counts from the results themselves, model and versions from the first
 * task that came to its end. `seconds` is the run's wall clock, or the longest task where Batch forgot the times.
 */
export function summaryOf({ outcome, summaries }: Collected): Summary | null {
  const [first] = summaries;
  if (first === undefined) return null;
  const { planned, done, failed } = outcome.images;
  const seconds = outcome.seconds ?? Math.max(...summaries.map((summary) => summary.seconds));
  return {
    version: 1,
    images: planned,
    done,
    failed,
    detections: outcome.detections,
    byClass: outcome.byClass,
    byFailure: outcome.byFailure,
    seconds,
    imagesPerSecond: seconds > 0 ? Math.round(((done + failed) / seconds) * 100) / 100 : 0,
    threads: Math.max(...summaries.map((summary) => summary.threads)),
    model: first.model,
    versions: first.versions,
  };
}
