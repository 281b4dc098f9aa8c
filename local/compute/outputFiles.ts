/** Output files: what a node uploads when a task's command line has ended. */
import { appendFile, readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import picomatch from "picomatch";
import { BlobError } from "../blobs";
import type { NodeTools } from "./execution";
import { uploadFailed, withoutQuery } from "./failureInfo";
import { TransferFailure } from "./resourceFiles";
import type { FailureInfo } from "./state";
import type { Work } from "./work";

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
  { outputFiles, directory, environment }: Pick<Work, "outputFiles" | "directory" | "environment">,
  succeeded: boolean,
  { blobs, accessOf }: Pick<NodeTools, "blobs" | "accessOf">,
  abortSignal: AbortSignal,
): Promise<FailureInfo | undefined> {
  const wanted = outputFiles.filter(({ uploadOptions }) =>
    uploadWanted(uploadOptions.uploadCondition, succeeded),
  );
  if (wanted.length === 0) return undefined;
  const log = (stream: "out" | "err", text: string): Promise<void> =>
    appendFile(join(directory.path, `fileupload${stream}.txt`), text);
  await Promise.all([log("out", ""), log("err", "")]);
  for (const { filePattern, destination } of wanted) {
    const { containerUrl = "", path, identityReference } = destination.container ?? {};
    const uploads = await uploadsOf(filePattern, path, directory.workingDirectory, environment);
    for (const { file, blobName } of uploads) {
      try {
        const blobUrl = blobs.blobUrl(containerUrl, blobName);
        await blobs.upload(file, blobUrl, accessOf(identityReference), abortSignal);
        await log("out", `${file} -> ${withoutQuery(containerUrl)}/${blobName}\n`);
      } catch (error) {
        const failureInfo = failureOf(error, file);
        await log("err", `${failureInfo.code}: ${failureInfo.message}\n`);
        return failureInfo;
      }
    }
  }
  return undefined;
}

function failureOf(error: unknown, file: string): FailureInfo {
  if (error instanceof TransferFailure) return error.failureInfo;
  if (error instanceof BlobError) return uploadFailed(file, error);
  throw error;
}

/** Every file below a folder, sorted; none when there is no such folder. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
