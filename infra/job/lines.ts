/** Gzipped NDJSON blobs as streams of lines: a million of them take the memory of a few. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import type { ContainerClient } from "@azure/storage-blob";
import { explained, storageStatus } from "./blobs";

/** Memory of an upload: two blocks on their way and one being filled. */
const blockBytes = 4 * 1024 ** 2;
const blocksAtOnce = 2;
/** Lines are handed to gzip in pieces of about this size. */
const pieceLength = 64 * 1024;
/** For one such blob, tens of MB over a slow line. */
const deadlineMs = 15 * 60_000;

/** Null: there is no such blob. */
export async function readLines(
  container: ContainerClient,
  name: string,
): Promise<AsyncIterable<string> | null> {
  let body: NodeJS.ReadableStream | undefined;
  try {
    const abortSignal = AbortSignal.timeout(deadlineMs);
    const answer = await container
      .getBlobClient(name)
      .download(0, undefined, { abortSignal, maxRetryRequests: 5 });
    body = answer.readableStreamBody;
  } catch (error) {
    if (storageStatus(error) === 404) return null;
    throw explained(`read ${name}`, container, error);
  }
  const stream = body ?? Readable.from([]);
  const text = createGunzip();
  stream.on("error", (error) => text.destroy(explained(`read ${name}`, container, error)));
  return linesOf(stream.pipe(text));
}

/** An error of the stream is thrown: readline alone would take it for the end. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let failure: Error | undefined;
  stream.once("error", (error) => (failure = error));
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  for await (const line of lines) if (line !== "") yield line;
  if (failure !== undefined) throw failure;
}

/** `existing`: what becomes of a blob that is there already. */
export async function writeLines(
  container: ContainerClient,
  name: string,
  lines: AsyncIterable<string>,
  existing: "overwrite" | "keep",
): Promise<void> {
  const gzip = createGzip();
  const filled = fill(gzip, lines).catch((error: unknown) => void gzip.destroy(error as Error));
  try {
    await container.getBlockBlobClient(name).uploadStream(gzip, blockBytes, blocksAtOnce, {
      blobHTTPHeaders: { blobContentType: "application/gzip" },
      abortSignal: AbortSignal.timeout(deadlineMs),
      ...(existing === "keep" && { conditions: { ifNoneMatch: "*" } }),
    });
  } catch (error) {
    // Storage REST: 409 BlobAlreadyExists for If-None-Match, 412 where it came in between.
    const isThere = storageStatus(error) === 409 || storageStatus(error) === 412;
    if (existing === "keep" && isThere) return;
    throw explained(`write ${name}`, container, error);
  }
  await filled;
}

async function fill(gzip: ReturnType<typeof createGzip>, lines: AsyncIterable<string>): Promise<void> {
  let piece = "";
  const hand = async (): Promise<void> => {
    if (!gzip.write(piece)) await once(gzip, "drain");
    piece = "";
  };
  for await (const line of lines) {
    piece += `${line}\n`;
    if (piece.length > pieceLength) await hand();
  }
  await hand();
  gzip.end();
}
