/** Files and folders as a source of images, and a folder as the place of results. */
import { once } from "node:events";
import { createWriteStream, type Stats, type WriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { annotatedNames } from "../contract/annotatedName";
import { formatResult } from "../contract/result";
import type { Summary } from "../contract/summary";
import { ImageError, messageOf } from "../failure";
import type { ImageSource, ResultSink } from "../run";

/** What is taken from a folder; a file that is named is taken whatever its extension. */
const pictureExtensions = new Set([
  ...[".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".avif", ".bmp"],
]);

/**
 * The images of files and folders (folders recursively, sorted). Names are paths relative to the folder given, or the
 * base name of a file. Throws an Error of one sentence for a path that is not there, and when there is no image at all.
 */
export async function openFolderSource(paths: readonly string[], annotate: boolean): Promise<ImageSource> {
  const found = (await Promise.all(paths.map(filesOf))).flat();
  if (found.length === 0) throw new Error(`There are no pictures in ${paths.join(", ")}.`);
  const files = new Map<string, { file: string; bytes: number }>();
  for (const { name, file, bytes } of found) {
    if (files.has(name))
      throw new Error(`Two images would have the name ${name}: give one folder above both.`);
    files.set(name, { file, bytes });
  }
  const annotated = annotatedNames([...files.keys()]);
  return {
    images: [...files].map(([name, { bytes }], index) => ({
      name,
      etag: null,
      bytes,
      annotated: annotate ? annotated[index]! : null,
    })),
    read: async ({ name }) => {
      try {
        return await readFile(files.get(name)!.file);
      } catch (cause) {
        throw new ImageError("read", "unreadable", `The file cannot be read: ${messageOf(cause)}.`, {
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
    throw new Error(`The folder ${path} cannot be read: ${messageOf(cause)}.`, { cause });
  });
  const files = entries
    .filter((entry) => !entry.isDirectory() && pictureExtensions.has(extname(entry.name).toLowerCase()))
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

async function statOf(path: string): Promise<Stats> {
  return stat(path).catch((cause: unknown) => {
    throw new Error(`There is no file or folder ${path}.`, { cause });
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
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new Error(`The folder ${folder} cannot be made: ${messageOf(cause)}.`, { cause });
  });
  const results = join(folder, "results.ndjson");
  const stream = createWriteStream(`${results}.partial`);
  await once(stream, "open");
  return {
    append: (line) => write(stream, formatResult(line)),
    writeAnnotated: (name, jpeg) => writeWhole(join(folder, name), jpeg),
    finish: async (summary) => {
      await end(stream);
      await rename(`${results}.partial`, results);
      await writeWhole(join(folder, "summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
    },
    abandon: () => end(stream),
  };
}

async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.partial`, content);
  await rename(`${file}.partial`, file);
}

/** Rejects when the disk is full: a run that cannot write its results cannot go on. */
function write(stream: WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

async function end(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, "close");
}
