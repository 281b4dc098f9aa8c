/** Resource files: what a node downloads into a task's working directory before the command line runs. */
import { chmod, mkdir } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import type { BatchServiceModels } from "@azure/batch";
import { type BlobAccess, BlobError, type Blobs } from "../blobs";
import { entityTooLarge, invalidProperty, notSupported } from "./failure";
import { downloadFailed, fileNotCreated, withoutQuery } from "./failureInfo";
import type { FailureInfo } from "./state";

/** Who a node is when it asks for blobs. Throws a TransferFailure when the identity is not the pool's. */
export type AccessOf = (reference: BatchServiceModels.ComputeNodeIdentityReference | undefined) => BlobAccess;

/** A download or an upload that did not work, in the words of a task's failureInfo. */
export class TransferFailure extends Error {
  constructor(
    readonly failureInfo: FailureInfo,
    options?: ErrorOptions,
  ) {
    super(failureInfo.message, options);
  }
}

/** Downloads at a time: a node's network, not a task's patience, is the limit. */
const parallelDownloads = 4;
const defaultFileMode = "0770";

/** Batch: "Total size of resourceFiles cannot be more than 32768 characters" (Azure/BatchExplorer#30); of a start task as a whole (quotas and limits). */
const mostCharacters = 32_768;

/** Throws RequestEntityTooLarge. Azure: which characters count is not documented; here: those of the JSON text. */
export function checkSize(property: string, value: object): void {
  if (JSON.stringify(value).length > mostCharacters) throw entityTooLarge(property, mostCharacters);
}

/** Refuses what the service refuses when a task is added: too much text, not exactly one source, a path out of the working directory. */
export function checkResourceFiles(files: readonly BatchServiceModels.ResourceFile[] = []): void {
  checkSize("resourceFiles", files);
  for (const file of files) {
    if (file.autoStorageContainerName !== undefined)
      throw notSupported("resourceFiles.autoStorageContainerName");
    const url = file.httpUrl ?? file.storageContainerUrl;
    if (url === undefined || (file.httpUrl !== undefined && file.storageContainerUrl !== undefined))
      throw invalidProperty("resourceFiles", url ?? "", "Exactly one source must be specified.");
    if (file.httpUrl !== undefined && (file.filePath ?? "") === "")
      throw invalidProperty("filePath", "", "filePath is required with httpUrl.");
    if (file.httpUrl !== undefined && file.blobPrefix !== undefined)
      throw invalidProperty("blobPrefix", file.blobPrefix, "blobPrefix goes with a container only.");
    if (!URL.canParse(url))
      throw invalidProperty("resourceFiles", withoutQuery(url), "The URL cannot be parsed.");
    if (file.filePath !== undefined && !staysInside(file.filePath))
      throw invalidProperty("filePath", file.filePath, "The path must be relative and without '..'.");
    if (file.fileMode !== undefined && !/^0?[0-7]{3,4}$/.test(file.fileMode))
      throw invalidProperty("fileMode", file.fileMode, "The mode must be an octal number.");
  }
}

/** Fetches them all, parents created, modes set. Throws a TransferFailure. */
export async function fetchResourceFiles(
  files: readonly BatchServiceModels.ResourceFile[],
  workingDirectory: string,
  blobs: Blobs,
  accessOf: AccessOf,
  abortSignal: AbortSignal,
): Promise<void> {
  const found = await Promise.all(files.map((file) => downloadsOf(file, blobs, accessOf, abortSignal)));
  const downloads = found.flat();
  const waiting = downloads.values();
  const worker = async (): Promise<void> => {
    for (const { url, path, access, fileMode } of waiting) {
      if (!staysInside(path))
        throw new TransferFailure(fileNotCreated(`${path} lies outside of the working directory`));
      const target = join(workingDirectory, path);
      await mkdir(dirname(target), { recursive: true });
      await explained(url, () => blobs.download(url, access, target, abortSignal));
      await chmod(target, parseInt(fileMode, 8));
    }
  };
  await Promise.all(Array.from({ length: parallelDownloads }, worker));
}

interface Download {
  readonly url: string;
  /** Below the working directory. */
  readonly path: string;
  readonly access: BlobAccess;
  readonly fileMode: string;
}

/** A container's blobs keep their full names below filePath; the prefix is not stripped (Batch REST: ResourceFile). */
async function downloadsOf(
  file: BatchServiceModels.ResourceFile,
  blobs: Blobs,
  accessOf: AccessOf,
  abortSignal: AbortSignal,
): Promise<Download[]> {
  const access = accessOf(file.identityReference);
  const fileMode = file.fileMode ?? defaultFileMode;
  if (file.httpUrl !== undefined) return [{ url: file.httpUrl, path: file.filePath ?? "", access, fileMode }];
  const container = file.storageContainerUrl ?? "";
  const names = await explained(container, () =>
    blobs.list(container, access, file.blobPrefix ?? "", abortSignal),
  );
  return names.map((name) => ({
    url: blobs.blobUrl(container, name),
    path: join(file.filePath ?? ".", name),
    access,
    fileMode,
  }));
}

async function explained<T>(url: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof BlobError)) throw error;
    throw new TransferFailure(downloadFailed(url, error), { cause: error });
  }
}

function staysInside(path: string): boolean {
  return !path.startsWith("/") && !normalize(path).split(sep).includes("..");
}
