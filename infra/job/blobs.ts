/** The few things the job step does with blobs. Containers come from clients.ts. */
import type { ContainerClient } from "@azure/storage-blob";

/** Null: there is no such blob. */
export async function readText(container: ContainerClient, name: string): Promise<string | null> {
  try {
    return (await container.getBlobClient(name).downloadToBuffer()).toString("utf8");
  } catch (error) {
    if (storageStatus(error) === 404) return null;
    throw explained(`read ${name}`, container, error);
  }
}

/** Null: there is no such blob. */
export async function readBytes(container: ContainerClient, name: string): Promise<Buffer | null> {
  try {
    return await container.getBlobClient(name).downloadToBuffer();
  } catch (error) {
    if (storageStatus(error) === 404) return null;
    throw explained(`read ${name}`, container, error);
  }
}

export async function writeText(
  container: ContainerClient,
  name: string,
  text: string,
  contentType: string,
): Promise<void> {
  try {
    const body = Buffer.from(text, "utf8");
    await container
      .getBlockBlobClient(name)
      .uploadData(body, { blobHTTPHeaders: { blobContentType: contentType } });
  } catch (error) {
    throw explained(`write ${name}`, container, error);
  }
}

/** Names, in the service's order (by name), of the blobs that start with `prefix`. */
export async function listNames(container: ContainerClient, prefix: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const blob of container.listBlobsFlat({ prefix })) names.push(blob.name);
  } catch (error) {
    throw explained(`list ${prefix}`, container, error);
  }
  return names;
}

/** HTTP status of a storage error; null when there was no answer, or it is no storage error. */
export function storageStatus(error: unknown): number | null {
  return (error as { statusCode?: number }).statusCode ?? null;
}

/** One sentence of a storage error: what was attempted, where, the service's code, what to do. */
export function explained(attempted: string, container: ContainerClient, error: unknown): Error {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  const reason = code ?? name ?? "error";
  const first = (message ?? String(error)).split("\n", 1)[0] ?? "";
  const advice =
    storageStatus(error) === 403
      ? " You need the role Storage Blob Data Contributor on this container (setting `operators`)."
      : "";
  return new Error(`Could not ${attempted} in ${container.url}: ${reason}: ${first}${advice}`, {
    cause: error,
  });
}

/** Runs `act` over all items, at most `limit` at a time; results in the items' order. */
export async function mapWithLimit<T, R>(
  items: readonly T[],
  limit: number,
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await act(items[index]!, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
