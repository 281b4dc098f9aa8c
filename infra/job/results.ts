/**
 * A run's results on disk: results.ndjson joined over the tasks, summary.json over the run, other formats, annotated pictures. Tasks and pictures are
 * handled a few at a time, so that a run's size does not matter. A download that was cut off is gone on with: pictures that are there stay.
 */
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { makeFolder } from "../../worker/contract/folder";
import { cocoCategories } from "../../worker/contract/formats/coco";
import { openFormatFiles, type WantedFormats } from "../../worker/contract/formats/formatFiles";
import { TableFile } from "../../worker/contract/formats/tableFile";
import { formatResult, isFailed, parseResult, type ResultLine } from "../../worker/contract/result";
import type { Summary } from "../../worker/contract/summary";
import type { Clients } from "./clients";
import { accountFor, type Account, type PlannedImage } from "./collect";
import { eachWithLimit } from "./eachWithLimit";
import { longStep } from "./longStep";
import { fetchPicture } from "./pictureFile";
import type { Run } from "./run";
import { numberText } from "./words";

export interface Written {
  readonly folder: string;
  readonly results: number;
  /** Pictures that are in the folder now; `unchanged` of them were there before. */
  readonly annotated: number;
  readonly unchanged: number;
  /** A sentence for each thing that could not be written. */
  readonly missing: readonly string[];
}

const downloadsAtOnce = 8;

export async function writeResults(
  run: Run,
  { output, batch }: Pick<Clients, "output" | "batch">,
  folder: string,
  wanted: WantedFormats,
  note: (line: string) => void,
): Promise<{ readonly account: Account; readonly written: Written }> {
  makeFolder(folder);
  const file = join(folder, "results.ndjson");
  const lines = new Lines(note, run);
  const table = await TableFile.open(file, { head: "", between: "", tail: "" });
  let account: Account;
  try {
    account = await accountFor(run, output, batch, (images) => table.append(lines.take(images)));
    await table.finish();
  } catch (error) {
    await table.abandon();
    throw error;
  }

  const missing = await writeFormats(
    file,
    wanted,
    lines.images,
    categoriesOf(lines.classes, account.summaries),
  );
  const { planned, notRun } = account.outcome.images;
  if (notRun > 0) missing.push(`${notRun} of ${planned} images were not run.`);
  const summary = summaryOf(account);
  if (summary !== null)
    await writeFile(join(folder, "summary.json"), JSON.stringify(summary, null, 2) + "\n");
  else if (lines.results > 0) missing.push("No task came to its end, so there is no summary.json.");

  const pictures = { fetched: 0, unchanged: 0 };
  const tell = longStep(note);
  await eachWithLimit(annotatedIn(file), downloadsAtOnce, async (name) => {
    const found = await fetchPicture(output, name, folder);
    if (found === "missing")
      missing.push(`${name} is not in the output container, or its name leads out of the folder.`);
    else pictures[found] += 1;
    tell(() => `Annotated pictures: ${numberText(pictures.fetched + pictures.unchanged)} so far …`);
  });
  const { fetched, unchanged } = pictures;
  return {
    account,
    written: { folder, results: lines.results, annotated: fetched + unchanged, unchanged, missing },
  };
}

/** What is kept of a run while its results pass: names, for other formats, and the classes that were found. */
class Lines {
  readonly images: string[] = [];
  readonly classes = new Map<number, string>();
  results = 0;
  readonly #tell: ReturnType<typeof longStep>;

  constructor(
    note: (line: string) => void,
    readonly run: Run,
  ) {
    this.#tell = longStep(note);
  }

  /** The lines of one task. */
  take(images: readonly PlannedImage[]): string[] {
    const lines: string[] = [];
    for (const image of images) {
      this.images.push(image.name);
      if (image.kind === "not-run") continue;
      if (image.kind === "done")
        for (const found of image.line.detections) this.classes.set(found.class, found.name);
      lines.push(formatResult(image.line));
    }
    this.results += lines.length;
    const { images: all } = this.run;
    this.#tell(() => `Results: ${numberText(this.images.length)} of ${numberText(all)} images so far …`);
    return lines;
  }
}

async function writeFormats(
  file: string,
  wanted: WantedFormats,
  images: readonly string[],
  categoryOf: (classNumber: number) => number,
): Promise<string[]> {
  if (Object.keys(wanted).length === 0) return [];
  const files = await openFormatFiles(wanted, { images, categoryOf });
  try {
    for await (const line of resultsIn(file)) await files.append(line);
  } catch (error) {
    await files.abandon();
    throw error;
  }
  return files.finish();
}

async function* resultsIn(file: string): AsyncGenerator<ResultLine> {
  let number = 1;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
    yield parseResult(line, `${file} line ${number++}`);
}

/** Names, in the output container, of the annotated pictures. */
async function* annotatedIn(file: string): AsyncGenerator<string> {
  for await (const line of resultsIn(file))
    if (!isFailed(line) && line.annotated !== null) yield line.annotated;
}

/** Pure: COCO's category ids where what was found (class → name) bears out that the model has COCO's classes; names of the others are not in the results. */
export function categoriesOf(
  found: ReadonlyMap<number, string>,
  summaries: readonly Pick<Summary, "model">[],
): (classNumber: number) => number {
  // A run of which no task came to its end has told its classes by what it found alone.
  return cocoCategories(summaries[0]?.model.classes ?? 80, found);
}

/**
 * Pure: the run in the shape of one shard's summary; counts from the results themselves, model and versions from the first
 * task that came to its end. `seconds` is the run's wall clock, or the longest task where Batch forgot the times.
 */
function summaryOf({ outcome, summaries }: Account): Summary | null {
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
