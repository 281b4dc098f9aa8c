/** The results in other formats, each in its files, written line by line so that a run's size does not matter. */
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileIn, makeFolder } from "../folder";
import { isFailed, type DoneLine, type ResultLine } from "../result";
import { cocoImageIds, cocoResults } from "./coco";
import { csvHeader, csvRows } from "./csv";
import { TableFile } from "./tableFile";
import { yoloNames, yoloText } from "./yolo";

export interface WantedFormats {
  /** YOLO labels, in a folder `labels` of this one. */
  readonly yolo?: { readonly folder: string; readonly withConfidence: boolean };
  /** Files to write. */
  readonly coco?: string;
  readonly csv?: string;
}

/** What a format must know of a run before its first line. */
export interface FormattedRun {
  /** Names of all its images. */
  readonly images: readonly string[];
  /** Category id, in COCO's format, of a class. */
  readonly categoryOf: (classNumber: number) => number;
}

export interface FormatFiles {
  append(line: ResultLine): Promise<void>;
  /** A sentence for each image whose file could not have its name. */
  finish(): Promise<string[]>;
  /** After an interruption: labels of images that were done stay, half tables do not. */
  abandon(): Promise<void>;
}

interface Format {
  append(line: DoneLine): Promise<void>;
  finish(): Promise<string[]>;
  abandon(): Promise<void>;
}

/** Throws a sentence where one of the files cannot be written. */
export async function openFormatFiles(wanted: WantedFormats, run: FormattedRun): Promise<FormatFiles> {
  const { yolo, coco, csv } = wanted;
  if (coco !== undefined && coco === csv)
    throw new Error(`${coco} cannot hold both COCO results and CSV: give two files.`);
  const formats: Format[] = [];
  const abandon = async (): Promise<void> => {
    for (const format of formats) await format.abandon();
  };
  try {
    if (yolo !== undefined) formats.push(yoloFormat(yolo, run));
    if (coco !== undefined) formats.push(await cocoFormat(coco, run));
    if (csv !== undefined) formats.push(await csvFormat(csv));
  } catch (error) {
    await abandon();
    throw error;
  }
  return {
    append: async (line) => {
      if (!isFailed(line)) for (const format of formats) await format.append(line);
    },
    finish: async () => {
      const unwritten: string[] = [];
      for (const format of formats) unwritten.push(...(await format.finish()));
      return unwritten;
    },
    abandon,
  };
}

function yoloFormat(
  { folder, withConfidence }: NonNullable<WantedFormats["yolo"]>,
  run: FormattedRun,
): Format {
  const names = byImage(run.images, yoloNames(run.images));
  makeFolder(join(folder, "labels"));
  const unwritten: string[] = [];
  return {
    append: async (line) => {
      const name = names.get(line.image.name)!;
      const file = fileIn(folder, name);
      const text = yoloText(line, withConfidence);
      if (file === null) unwritten.push(`${name} leads out of the folder; it is not written.`);
      // Ultralytics: no file without a detection; one of an earlier run would lie.
      else if (text === "") await rm(file, { force: true });
      else
        await writeLabels(file, text).catch((error: unknown) => {
          const { code } = error as NodeJS.ErrnoException;
          // A name that no file can have here concerns one image; anything else, such as a full disk, all of them.
          if (code !== "ENAMETOOLONG" && code !== "EISDIR") throw error;
          unwritten.push(`${name} cannot be written (${code}).`);
        });
    },
    finish: () => Promise.resolve(unwritten),
    abandon: () => Promise.resolve(),
  };
}

async function writeLabels(file: string, text: string): Promise<void> {
  makeFolder(dirname(file));
  await writeFile(file, text);
}

async function cocoFormat(file: string, { images, categoryOf }: FormattedRun): Promise<Format> {
  const ids = byImage(images, cocoImageIds(images));
  const table = await TableFile.open(file, { head: "[\n", between: ",\n", tail: "\n]\n" });
  return {
    append: (line) =>
      table.append(
        cocoResults(line, ids.get(line.image.name)!, categoryOf).map((result) => JSON.stringify(result)),
      ),
    finish: async () => {
      await table.finish();
      return [];
    },
    abandon: () => table.abandon(),
  };
}

async function csvFormat(file: string): Promise<Format> {
  const table = await TableFile.open(file, { head: csvHeader, between: "", tail: "" });
  return {
    append: (line) => table.append(csvRows(line)),
    finish: async () => {
      await table.finish();
      return [];
    },
    abandon: () => table.abandon(),
  };
}

function byImage<T>(images: readonly string[], values: readonly T[]): ReadonlyMap<string, T> {
  return new Map(images.map((image, index) => [image, values[index]!]));
}
