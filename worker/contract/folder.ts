/** A folder that a person named: making it, and staying in it. */
import { accessSync, constants, mkdirSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";

/**
 * Makes the folder and those above it. Throws a sentence where that cannot be. One by one: Node's own recursive mkdir never
 * comes back from a file system that answers "no such file" for a folder whose parent is there, as /proc does.
 */
export function makeFolder(folder: string): void {
  const info = statIfThere(folder);
  if (info !== undefined && !info.isDirectory())
    throw new Error(`The folder ${folder} cannot be made: a file is in its place.`);
  try {
    if (info !== undefined) {
      accessSync(folder, constants.W_OK);
      return;
    }
    makeFolder(dirname(folder));
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error; // the sentence of a folder above
    if (code === "EEXIST") return; // made by somebody else meanwhile
    throw new Error(
      `The folder ${folder} cannot be ${info === undefined ? "made" : "written to"} (${code}).`,
      { cause: error },
    );
  }
}

/** The file of a blob below a folder; null for a name that would lead out of it (`a/../../b` is a fine blob name). */
export function fileIn(folder: string, blob: string): string | null {
  const file = join(folder, ...blob.split("/"));
  const inside = relative(folder, file);
  return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? null : file;
}

/** Undefined also where a file stands in the way further up: whoever makes the folder above says so. */
function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
