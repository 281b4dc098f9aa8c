/**
 * A segment of the ledger: what became of the images of one run, or of many once they are merged. A gzipped NDJSON blob
 * `ledger/<lineage>/<name>.ndjson.gz`: a header with the runs it holds, then a line an image. Never changed, only merged into
 * another: holding a run twice changes nothing.
 */
import { createHash } from "node:crypto";
import type { ContainerClient } from "@azure/storage-blob";
import { z } from "zod";
import { parseLine } from "../../../worker/contract/ndjson";
import { isFailed, type ResultLine } from "../../../worker/contract/result";
import { listNames } from "../blobs";
import { readLines, writeLines } from "../lines";

const header = z.strictObject({ version: z.literal(1), runs: z.array(z.string()) });
const entry = z.strictObject({
  name: z.string(),
  etag: z.string().nullable(),
  /** Why it failed; without it the image is done. */
  error: z.strictObject({ stage: z.string(), code: z.string() }).optional(),
});

export type Entry = z.infer<typeof entry>;

/** Pure: what the ledger keeps of a result. */
export function entryOf(line: ResultLine): Entry {
  const { name, etag } = line.image;
  if (!isFailed(line)) return { name, etag };
  return { name, etag, error: { stage: line.error.stage, code: line.error.code } };
}

const folderOf = (lineage: string): string => `ledger/${lineage}/`;
const ending = ".ndjson.gz";

/** Blob names. */
export async function listSegments(output: ContainerClient, lineage: string): Promise<string[]> {
  return (await listNames(output, folderOf(lineage))).filter((name) => name.endsWith(ending));
}

export interface Segment {
  readonly runs: readonly string[];
  readonly entries: AsyncIterable<Entry>;
}

/** Null: it is gone, because somebody has merged it meanwhile. */
export async function readSegment(output: ContainerClient, name: string): Promise<Segment | null> {
  const lines = (await readLines(output, name))?.[Symbol.asyncIterator]();
  if (lines === undefined) return null;
  const first = await lines.next();
  const { runs } = parseLine(header, first.done === true ? "" : first.value, `${name} line 1`);
  async function* entries(): AsyncGenerator<Entry> {
    let number = 2;
    for await (const line of { [Symbol.asyncIterator]: () => lines! })
      yield parseLine(entry, line, `${name} line ${number++}`);
  }
  return { runs, entries: entries() };
}

/** Of one run. Returns the blob's name. */
export function writeSegment(
  output: ContainerClient,
  lineage: string,
  run: string,
  entries: AsyncIterable<Entry>,
): Promise<string> {
  return write(output, `${folderOf(lineage)}${run}${ending}`, [run], entries);
}

/** In place of others, whose names decide its own: it is never one of them. */
export function writeMergedSegment(
  output: ContainerClient,
  lineage: string,
  segments: readonly string[],
  runs: readonly string[],
  entries: AsyncIterable<Entry>,
): Promise<string> {
  const digest = createHash("sha256").update(segments.join("\n")).digest("hex").slice(0, 12);
  return write(output, `${folderOf(lineage)}merged-${digest}${ending}`, runs, entries);
}

async function write(
  output: ContainerClient,
  name: string,
  runs: readonly string[],
  entries: AsyncIterable<Entry>,
): Promise<string> {
  async function* lines(): AsyncGenerator<string> {
    yield JSON.stringify({ version: 1, runs });
    for await (const each of entries) yield JSON.stringify(each);
  }
  await writeLines(output, name, lines(), "keep");
  return name;
}
