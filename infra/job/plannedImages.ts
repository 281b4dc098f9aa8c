/**
 * The images of a run in their order. While they are found they are kept in a file, because they may be a million and their digest,
 * which names the run, is known at the end; then they are the blob `runs/<job>/images.ndjson.gz`, the same whoever writes it.
 */
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ContainerClient } from "@azure/storage-blob";
import { z } from "zod";
import { parseLine } from "../../worker/contract/ndjson";
import type { InputImage } from "./inputs";
import { readLines, writeLines } from "./lines";

const inputImage = z.strictObject({ name: z.string(), etag: z.string(), bytes: z.int().nonnegative() });

/** Lines are handed to the file in pieces of about this size. */
const pieceLength = 64 * 1024;

/** Images on their way from a listing to a plan. `remove` it whatever happens. */
export class FoundImages {
  readonly #folder = mkdtempSync(join(tmpdir(), "detect-plan-"));
  readonly #file = join(this.#folder, "images.ndjson");
  #piece = "";

  async add({ name, etag, bytes }: InputImage): Promise<void> {
    this.#piece += `${JSON.stringify({ name, etag, bytes })}\n`;
    if (this.#piece.length > pieceLength) await this.#hand();
  }

  /** No more come. */
  async close(): Promise<void> {
    await this.#hand();
  }

  async *images(): AsyncGenerator<InputImage> {
    for await (const line of this.#lines()) yield JSON.parse(line) as InputImage;
  }

  upload(output: ContainerClient, jobId: string): Promise<void> {
    return writeLines(output, blobOf(jobId), this.#lines(), "overwrite");
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #lines(): AsyncIterable<string> {
    return createInterface({ input: createReadStream(this.#file), crlfDelay: Infinity });
  }

  async #hand(): Promise<void> {
    await appendFile(this.#file, this.#piece);
    this.#piece = "";
  }
}

/** The images that a run was planned with; none where the run was planned by an earlier version of this program. */
export async function* imagesOf(output: ContainerClient, jobId: string): AsyncGenerator<InputImage> {
  const name = blobOf(jobId);
  let number = 1;
  for await (const line of (await readLines(output, name)) ?? [])
    yield parseLine(inputImage, line, `${name} line ${number++}`);
}

function blobOf(jobId: string): string {
  return `runs/${jobId}/images.ndjson.gz`;
}
