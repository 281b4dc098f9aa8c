/** The few things the job step does with blobs. Containers come from clients.ts. */
import { text } from "node:stream/consumers";
import type {
  BlobItem,
  ContainerClient,
  ContainerListBlobFlatSegmentResponse,
  ContainerListBlobHierarchySegmentResponse,
} from "@azure/storage-blob";
import { isSignInError, signInAdvice } from "./signIn";

/** The SDK waits for ever on a connection that has gone silent. Whole blobs and single pages take far less. */
export const answerTimeoutMs = 60_000;

/** Null: there is no such blob. */
export async function readText(container: ContainerClient, name: string): Promise<string | null> {
  return (await readBytes(container, name))?.toString("utf8") ?? null;
}

/** The text and the etag by which it can be replaced. Null: there is no such blob. */
export async function readTextWithEtag(
  container: ContainerClient,
  name: string,
): Promise<{ readonly text: string; readonly etag: string } | null> {
  try {
    const abortSignal = AbortSignal.timeout(answerTimeoutMs);
    const { etag, readableStreamBody } = await container
      .getBlobClient(name)
      .download(0, undefined, { abortSignal, maxRetryRequests: 5 });
    return { text: readableStreamBody === undefined ? "" : await text(readableStreamBody), etag: etag ?? "" };
  } catch (error) {
    if (storageStatus(error) === 404) return null;
    throw explained(`read ${name}`, container, error);
  }
}

/** Null: there is no such blob. */
export async function readBytes(container: ContainerClient, name: string): Promise<Buffer | null> {
  try {
    const abortSignal = AbortSignal.timeout(answerTimeoutMs);
    return await container.getBlobClient(name).downloadToBuffer(0, undefined, { abortSignal });
  } catch (error) {
    if (storageStatus(error) === 404) return null;
    throw explained(`read ${name}`, container, error);
  }
}

/** What the service knows of a blob's content. Null: there is no such blob. */
export async function contentOf(
  container: ContainerClient,
  name: string,
): Promise<{ readonly md5: Buffer | null } | null> {
  try {
    const abortSignal = AbortSignal.timeout(answerTimeoutMs);
    const { contentMD5 } = await container.getBlobClient(name).getProperties({ abortSignal });
    return { md5: contentMD5 === undefined ? null : Buffer.from(contentMD5) };
  } catch (error) {
    if (storageStatus(error) === 404) return null;
    throw explained(`look at ${name}`, container, error);
  }
}

export async function writeText(
  container: ContainerClient,
  name: string,
  content: string,
  contentType: string,
): Promise<void> {
  try {
    await container.getBlockBlobClient(name).uploadData(Buffer.from(content, "utf8"), {
      blobHTTPHeaders: { blobContentType: contentType },
      abortSignal: AbortSignal.timeout(answerTimeoutMs),
    });
  } catch (error) {
    throw explained(`write ${name}`, container, error);
  }
}

/** Does nothing where there is no such blob. */
export async function deleteBlob(container: ContainerClient, name: string): Promise<void> {
  try {
    await container.getBlobClient(name).deleteIfExists({ abortSignal: AbortSignal.timeout(answerTimeoutMs) });
  } catch (error) {
    throw explained(`delete ${name}`, container, error);
  }
}

/** Names, in the service's order (by name), of the blobs that start with `prefix`. */
export async function listNames(container: ContainerClient, prefix: string): Promise<string[]> {
  try {
    return (await listBlobs(container, prefix)).map((blob) => blob.name);
  } catch (error) {
    throw explained(`list ${prefix}`, container, error);
  }
}

/** Names of the folders right below `prefix`, which ends with a slash; without it and without one of their own. */
export async function listFolders(container: ContainerClient, prefix: string): Promise<string[]> {
  const folders: string[] = [];
  try {
    let continuationToken: string | undefined;
    do {
      const abortSignal = AbortSignal.timeout(answerTimeoutMs);
      const pages = container
        .listBlobsByHierarchy("/", { prefix, abortSignal })
        .byPage({ continuationToken });
      const { value } = (await pages.next()) as { value: ContainerListBlobHierarchySegmentResponse };
      folders.push(...(value.segment.blobPrefixes ?? []).map(({ name }) => name.slice(prefix.length, -1)));
      continuationToken = value.continuationToken;
    } while (continuationToken !== undefined && continuationToken !== "");
  } catch (error) {
    throw explained(`list ${prefix}`, container, error);
  }
  return folders;
}

export async function listBlobs(container: ContainerClient, prefix?: string): Promise<BlobItem[]> {
  const blobs: BlobItem[] = [];
  for await (const blob of eachBlob(container, prefix)) blobs.push(blob);
  return blobs;
}

/** A page of them in memory at a time. Throws the storage service's own error; each page has its own time. */
export async function* eachBlob(container: ContainerClient, prefix?: string): AsyncGenerator<BlobItem> {
  let continuationToken: string | undefined;
  do {
    const abortSignal = AbortSignal.timeout(answerTimeoutMs);
    const pages = container.listBlobsFlat({ prefix, abortSignal }).byPage({ continuationToken });
    const { value } = (await pages.next()) as { value: ContainerListBlobFlatSegmentResponse };
    yield* value.segment.blobItems;
    continuationToken = value.continuationToken;
  } while (continuationToken !== undefined && continuationToken !== "");
}

/** HTTP status of a storage error; null when there was no answer, or it is no storage error. */
export function storageStatus(error: unknown): number | null {
  return (error as { statusCode?: number }).statusCode ?? null;
}

/** Storage REST: a code is in the answer's body and in this header; an answer to HEAD has no body. */
function serviceCode(error: unknown): string | undefined {
  const { code, response } = error as { code?: string; response?: { headers: Headers } };
  return code ?? response?.headers.get("x-ms-error-code") ?? undefined;
}

/** One sentence of a storage error: what was attempted, where, the service's code, what to do. */
export function explained(attempted: string, container: ContainerClient, error: unknown): Error {
  if (isSignInError(error))
    return new Error(`Could not ${attempted} in ${container.url}: ${signInAdvice(error)}`, { cause: error });
  if ((error as { name?: string }).name === "AbortError")
    return new Error(
      `Could not ${attempted} in ${container.url}: no answer for ${answerTimeoutMs / 1000} s. ` +
        "Can this machine reach the storage account (firewall, private endpoint, VPN)?",
      { cause: error },
    );
  const { name, message } = error as { name?: string; message?: string };
  const reason = serviceCode(error) ?? name ?? "error";
  const first = (message ?? String(error)).split("\n", 1)[0] ?? "";
  const advice =
    storageStatus(error) === 403
      ? " You need the role Storage Blob Data Contributor on this container (setting `operators`)."
      : "";
  return new Error(`Could not ${attempted} in ${container.url}: ${reason}: ${first}${advice}`, {
    cause: error,
  });
}
