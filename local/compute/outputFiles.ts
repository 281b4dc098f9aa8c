/** Output files: what a node uploads when a task's command line has ended. */
import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import type { BatchServiceModels } from "@azure/batch";
import picomatch from "picomatch";
import { BlobError, type Blobs } from "../blobs";
import { type AccessOf, TransferFailure } from "./resourceFiles";
import type { FailureInfo } from "./state";

export interface Upload {
  readonly file: string;
  readonly blobName: string;
}

/** Whether an upload condition holds after the command line ended like this. */
export function uploadWanted(condition: string, succeeded: boolean): boolean {
  if (condition === "taskcompletion") return true;
  return condition === (succeeded ? "tasksuccess" : "taskfailure");
}

/**
 * The files that a pattern finds and the blobs they become. A pattern is relative to the working directory or absolute, `$VAR` stands for
 * the task's variables. Without a wildcard `path` is the blob's whole name, else a folder in front of the path below the pattern's
 * fixed part (Batch REST: OutputFileBlobContainerDestination).
 */
export async function uploadsOf(
  filePattern: string,
  path: string | undefined,
  workingDirectory: string,
  environment: Readonly<Record<string, string>>,
): Promise<Upload[]> {
  const expanded = filePattern.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => environment[name] ?? whole);
  // Batch writes "none of these" as [!abc], the matcher as [^abc].
  const pattern = resolve(workingDirectory, expanded).replaceAll("[!", "[^");
  const { isGlob, base } = picomatch.scan(pattern);
  if (!isGlob) {
    const found = await stat(pattern).catch(() => undefined);
    return found?.isFile() === true ? [{ file: pattern, blobName: path ?? basename(pattern) }] : [];
  }
  const matches = picomatch(pattern);
  const files = (await filesBelow(base)).filter((file) => matches(file));
  return files.map((file) => {
    const name = relative(base, file);
    return { file, blobName: path === undefined ? name : `${path.replace(/\/$/, "")}/${name}` };
  });
}

/** Uploads what the conditions ask for, one after the other. Returns why it failed, if it did. */
export async function uploadOutputFiles(
  outputs: readonly BatchServiceModels.OutputFile[],
  succeeded: boolean,
  workingDirectory: string,
  environment: Readonly<Record<string, string>>,
  blobs: Blobs,
  accessOf: AccessOf,
): Promise<FailureInfo | undefined> {
  for (const output of outputs) {
    const container = output.destination.container;
    if (container === undefined || !uploadWanted(output.uploadOptions.uploadCondition, succeeded)) continue;
    const uploads = await uploadsOf(output.filePattern, container.path, workingDirectory, environment);
    for (const { file, blobName } of uploads) {
      try {
        await blobs.upload(
          file,
          blobs.blobUrl(container.containerUrl, blobName),
          accessOf(container.identityReference),
        );
      } catch (error) {
        return uploadFailure(error, file);
      }
    }
  }
  return undefined;
}

function uploadFailure(error: unknown, file: string): FailureInfo {
  if (error instanceof TransferFailure) return error.failureInfo;
  if (!(error instanceof BlobError)) throw error;
  const details = [{ name: "FilePath", value: file }];
  switch (error.failure) {
    case "container-not-found":
      return {
        category: "UserError",
        code: "FileUploadContainerNotFound",
        message: `The container to upload output files to is not found: ${error.message}`,
        details,
      };
    case "access-denied":
      return {
        category: "UserError",
        code: "FileUploadAccessDenied",
        message: `Access to the container to upload output files to is denied: ${error.message}`,
        details,
      };
    case "blob-not-found":
    case "other":
      return {
        category: "UserError",
        code: "FileUploadMiscError",
        message: `A miscellaneous error was encountered while uploading one of the output files: ${error.message}`,
        details,
      };
  }
}

/** Every file below a folder, sorted; none when there is no such folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
