/** Uploading a layer or a folder of pictures: what is there already is never written again. */
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { answerTimeoutMs, explained, listBlobs, storageStatus } from "./blobs";
import { folderDigest, listFolder } from "./inputs";
import { mapWithLimit } from "./mapWithLimit";
import { realPace, retrying, type Pace, type Verdict } from "./pace";

const uploadsAtOnce = 4;

/** A role assignment may take this long to reach the storage service (Azure RBAC troubleshooting: up to 10 minutes). */
const rolePlan = { deadlineMs: 10 * 60_000, baseMs: 5_000, capMs: 20_000 };

/** Says so when it waits for a role. */
export interface Hearing {
  readonly note: (line: string) => void;
  readonly pace?: Pace;
}

/** Uploads a file under a name that stands for its content; a blob of that name is left as it is. */
export async function uploadFile(
  container: ContainerClient,
  file: string,
  blob: string,
  hearing: Hearing,
): Promise<{ uploaded: boolean; blob: string; bytes: number }> {
  const bytes = await sizeOf(file);
  const client = container.getBlockBlobClient(blob);
  const uploaded = await patiently(`upload ${blob}`, container, hearing, async () => {
    // Asked first: `ifNoneMatch` alone sends the whole body before it is refused.
    if (await client.exists({ abortSignal: AbortSignal.timeout(answerTimeoutMs) })) return false;
    try {
      await client.uploadFile(file, { conditions: { ifNoneMatch: "*" } });
      return true;
    } catch (error) {
      if (storageStatus(error) === 409) return false;
      throw error;
    }
  });
  return { uploaded, blob, bytes };
}

/** Uploads the pictures of a folder under their relative paths, but for those whose content is there already. */
export async function uploadFolder(
  container: ContainerClient,
  folder: string,
  hearing: Hearing,
): Promise<{ uploaded: number; unchanged: number; digest: string }> {
  const images = await listFolder(folder);
  const present = await patiently("list the blobs", container, hearing, () => contentMd5s(container));
  const missing = images.filter((image) => present.get(image.name) !== image.md5);
  await mapWithLimit(missing, uploadsAtOnce, (image) =>
    patiently(`upload ${image.name}`, container, hearing, () =>
      container.getBlockBlobClient(image.name).uploadFile(image.file, {
        blobHTTPHeaders: {
          blobContentMD5: Buffer.from(image.md5, "base64"),
          blobContentType: contentTypes[extname(image.name).toLowerCase()] ?? "application/octet-stream",
        },
      }),
    ),
  );
  return {
    uploaded: missing.length,
    unchanged: images.length - missing.length,
    digest: folderDigest(images),
  };
}

/** Tries again while the caller's role has not arrived; throws one sentence. */
async function patiently<T>(
  attempted: string,
  container: ContainerClient,
  { note, pace = realPace }: Hearing,
  act: () => Promise<T>,
): Promise<T> {
  let told = false;
  const verdictOn = (error: unknown): Verdict => {
    if (storageStatus(error) !== 403) return { kind: "give-up" };
    if (!told)
      note(`Storage refuses ${container.url} (403). A new role takes up to 10 minutes to arrive; waiting…`);
    told = true;
    return { kind: "retry", afterMs: 5_000 };
  };
  try {
    return await retrying(act, verdictOn, rolePlan, pace);
  } catch (error) {
    throw explained(attempted, container, error);
  }
}

async function contentMd5s(container: ContainerClient): Promise<Map<string, string>> {
  const md5s = new Map<string, string>();
  for (const { name, properties } of await listBlobs(container))
    if (properties.contentMD5) md5s.set(name, Buffer.from(properties.contentMD5).toString("base64"));
  return md5s;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    throw new Error(`Cannot read the file ${file} (${(error as { code?: string }).code ?? "error"}).`, {
      cause: error,
    });
  }
}

const contentTypes: Readonly<Record<string, string>> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".gif": "image/gif",
  ".bmp": "image/bmp",
  ".avif": "image/avif",
};
