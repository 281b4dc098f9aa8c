/** Files and folders as a source of images, and a folder as the place of results. */
import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { annotatedFolder, annotatedName } from "../contract/annotatedName";
import { makeFolder } from "../contract/folder";
import { isImageName } from "../contract/imageName";
import { formatResult } from "../contract/result";
import type { DetectionSettings } from "../contract/settings";
import type { Summary } from "../contract/summary";
import { fileReasonOf, ImageError, systemCodeOf } from "../failure";
import type { ImageSource, ResultSink } from "../run";

/**
 * The images of files and folders (folders recursively, sorted). Names are paths relative to the folder given, or the
 * base name of a file (which is taken whatever its extension). Annotated pictures of an earlier run into the same `out` are no
 * images: they are left out of a folder above, and refused where they are named. Throws an Error of one sentence for a path that
 * is not there, and when there is no image at all.
 */
export async function openFolderSource(
  paths: readonly string[],
  annotate: DetectionSettings["annotate"],
  out?: string,
): Promise<ImageSource> {
  const isOwn = (path: string): boolean => out !== undefined && isWithin(join(out, annotatedFolder), path);
  const named = paths.find(isOwn);
  if (named !== undefined)
    throw new Error(`${named} is where annotated pictures are written: choose another --out than ${out}.`);
  const all = (await Promise.all(paths.map(filesOf))).flat();
  const found = all.filter(({ file }) => !isOwn(file));
  if (found.length === 0) throw new Error(`There are no pictures in ${paths.join(", ")}.`);
  const files = new Map<string, { file: string; bytes: number }>();
  for (const { name, file, bytes } of found) {
    const other = files.get(name)?.file;
    if (other !== undefined && resolve(other) !== resolve(file))
      throw new Error(`${other} and ${file} would both have the name ${name}: give one folder above both.`);
    files.set(name, { file, bytes });
  }
  return {
    images: [...files].map(([name, { bytes }]) => ({
      name,
      etag: null,
      bytes,
      annotated: annotatedName(name, annotate),
    })),
    read: async ({ name }) => {
      try {
        return await readFile(files.get(name)!.file);
      } catch (cause) {
        throw new ImageError("read", "unreadable", `The file cannot be read: ${fileReasonOf(cause)}.`, {
          cause,
        });
      }
    },
  };
}

interface Found {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

async function filesOf(path: string): Promise<Found[]> {
  const info = await statOf(path);
  if (!info.isDirectory()) return [{ name: basename(path), file: path, bytes: info.size }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new Error(`The folder ${path} cannot be read: ${fileReasonOf(cause)}.`, { cause });
  });
  const files = entries
    .filter((entry) => !entry.isDirectory() && isImageName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const images = await Promise.all(
    files.map(async (file) => ({
      name: relative(path, file).split(sep).join("/"),
      file,
      // A link that leads nowhere is an image that cannot be read, not the end of the run.
      bytes: await stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    })),
  );
  return images.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isWithin(folder: string, path: string): boolean {
  const below = relative(folder, resolve(path));
  return below === "" || !(below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below));
}

async function statOf(path: string): Promise<Stats> {
  return stat(path).catch((cause: unknown) => {
    const what =
      systemCodeOf(cause) === "ENOENT"
        ? `There is no file or folder ${path}.`
        : `${path} cannot be read: ${fileReasonOf(cause)}.`;
    throw new Error(what, { cause });
  });
}

export interface FolderSink extends ResultSink {
  /** Gives the results their name and writes the summary. */
  finish(summary: Summary): Promise<void>;
  /** Keeps what there is as results.ndjson.partial. */
  abandon(): Promise<void>;
}

/** Everything is written beside and renamed, so that nobody finds half a file. */
export async function openFolderSink(folder: string): Promise<FolderSink> {
  makeFolder(folder);
  const results = join(folder, "results.ndjson");
  const unfinished = `${results}.partial`;
  const file = await orUnwritable(unfinished, open(unfinished, "w"));
  return {
    append: (line) => orUnwritable(unfinished, file.appendFile(formatResult(line))),
    writeAnnotated: async (name, jpeg) => {
      try {
        await writeWhole(join(folder, name), jpeg);
      } catch (cause) {
        throw unwritableName(cause) ?? unwritable(join(folder, name), cause);
      }
    },
    finish: async (summary) => {
      await file.close();
      const whole = join(folder, "summary.json");
      await orUnwritable(whole, writeWhole(whole, `${JSON.stringify(summary, undefined, 2)}\n`));
      await orUnwritable(results, rename(unfinished, results));
    },
    abandon: () => file.close(),
  };
}

async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // A name of its own, not the file's with something appended: that could be longer than a file system allows.
  const unfinished = join(dirname(file), `.${randomUUID()}.partial`);
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** A picture whose name cannot be a file's here concerns that picture alone. */
function unwritableName(cause: unknown): ImageError | undefined {
  if (!["ENAMETOOLONG", "EISDIR", "ENOTDIR", "EEXIST"].includes(systemCodeOf(cause) ?? "")) return undefined;
  const message = `The annotated picture cannot be written: ${fileReasonOf(cause)}.`;
  return new ImageError("write", "unwritable", message, { cause });
}

/** Anything else (a full disk) concerns them all: a run that cannot write its results cannot go on. */
function unwritable(file: string, cause: unknown): Error {
  return new Error(`${file} cannot be written: ${fileReasonOf(cause)}.`, { cause });
}

function orUnwritable<T>(file: string, writing: Promise<T>): Promise<T> {
  return writing.catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
}
