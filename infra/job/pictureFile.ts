/** An annotated picture of the output container as a file, whole or not at all. */
import { createHash } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { fileIn, makeFolder } from "../../worker/contract/folder";
import { contentOf, readBytes } from "./blobs";

/** `unchanged`: the very picture is there already. `missing`: there is no such blob, or its name leads out of the folder. */
export async function fetchPicture(
  output: ContainerClient,
  name: string,
  folder: string,
): Promise<"fetched" | "unchanged" | "missing"> {
  const file = fileIn(folder, name);
  if (file === null) return "missing";
  if (await isThere(output, name, file)) return "unchanged";
  const bytes = await readBytes(output, name);
  if (bytes === null) return "missing";
  makeFolder(dirname(file));
  const partial = `${file}.partial`;
  try {
    await writeFile(partial, bytes);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return "fetched";
}

/** Storage REST, "Put Blob": the service keeps the MD5 of what was uploaded in one piece; without one nothing is known of the content. */
async function isThere(output: ContainerClient, name: string, file: string): Promise<boolean> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return false;
  const content = await contentOf(output, name);
  return content?.md5?.equals(createHash("md5").update(bytes).digest()) === true;
}
