/** The inputs of a run: which blobs of a container, or files of a folder, are images. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ContainerClient } from "@azure/storage-blob";
import { isImageName } from "../../worker/contract/imageName";
import { eachBlob, explained, storageStatus } from "./blobs";
import { counted } from "./longStep";
import { isSignInError } from "./signIn";
import { numberText } from "./words";

export interface InputImage {
  readonly name: string;
  readonly etag: string;
  readonly bytes: number;
}

export interface FolderImage {
  /** Path relative to the folder, with slashes: the blob's name. */
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  /** MD5 of the content, base64: what Blob storage keeps as Content-MD5. */
  readonly md5: string;
}

/** The container could not be listed, in a sentence. */
export class ListingError extends Error {
  constructor(
    /** `absent`: no container, or not even an account. */
    readonly kind: "denied" | "absent" | "failed",
    message: string,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/** The images of the input container in the service's order (by name), a page of them in memory at a time. Throws ListingErrors. */
export async function* eachInput(
  input: ContainerClient,
  note: (line: string) => void,
): AsyncGenerator<InputImage> {
  try {
    for await (const { name, properties } of counted(eachBlob(input), listedSoFar, note))
      if (isImageName(name))
        yield { name, etag: entityTag(properties.etag), bytes: properties.contentLength ?? 0 };
  } catch (error) {
    const kind = isDenied(error) ? "denied" : isAbsent(error) ? "absent" : "failed";
    throw new ListingError(kind, explained("list the images", input, error).message, error);
  }
}

function listedSoFar(blobs: number): string {
  return `Listing the input container: ${numberText(blobs)} blobs so far …`;
}

/** The images of a folder and those below it, sorted by name. Throws one sentence when there is none to read. */
export async function listFolder(folder: string): Promise<FolderImage[]> {
  const images: FolderImage[] = [];
  for (const file of await imageFiles(folder)) {
    const name = relative(folder, file).split(sep).join("/");
    try {
      const { size } = await stat(file);
      images.push({ name, file, bytes: size, md5: await md5Of(file) });
    } catch (error) {
      throw new Error(`Cannot read ${file} (${errorCode(error)}).`, { cause: error });
    }
  }
  if (images.length === 0) throw new Error(`There are no pictures in the folder ${folder}.`);
  return images.sort(byName);
}

/** sha256 over the sorted names and contents. */
export function folderDigest(images: readonly FolderImage[]): string {
  return digestOf(images.map(({ name, md5 }) => JSON.stringify([name, md5])));
}

function digestOf(keys: readonly string[]): string {
  const hash = createHash("sha256");
  for (const key of keys.toSorted()) hash.update(key + "\n");
  return hash.digest("hex");
}

async function imageFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && isImageName(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    const code = errorCode(error);
    const reason =
      code === "ENOENT" ? "it does not exist" : code === "ENOTDIR" ? "it is a file, not a folder" : code;
    throw new Error(`Cannot read the folder ${folder}: ${reason}.`, { cause: error });
  }
}

async function md5Of(file: string): Promise<string> {
  const hash = createHash("md5");
  await pipeline(createReadStream(file), hash);
  return hash.digest("base64");
}

function isDenied(error: unknown): boolean {
  const status = storageStatus(error);
  return status === 401 || status === 403 || isSignInError(error);
}

/** The name of an account that does not exist does not resolve. */
function isAbsent(error: unknown): boolean {
  return storageStatus(error) === 404 || errorCode(error) === "ENOTFOUND";
}

/** Lists give etags without the quotes that If-Match wants (RFC 9110, 8.8.3). */
function entityTag(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}

function errorCode(error: unknown): string {
  return (error as { code?: string }).code ?? String(error);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
