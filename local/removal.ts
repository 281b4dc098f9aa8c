/** Removing folders that tasks wrote into, and of which they may have closed parts. */
import { lstatSync } from "node:fs";
import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Removes a folder with all that is in it; none is fine. */
export async function removeFolder(folder: string): Promise<void> {
  // Asked for every task that begins: `rm` takes a third of a millisecond to find nothing.
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
  try {
    await remove(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    await openUp(folder);
    await remove(folder);
  }
}

/** Tried again for a process that is just being killed and still writes. */
function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** A folder can be emptied by its owner only while it may be written (a node's agent on Azure is root and need not ask). */
async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await openUp(join(folder, entry.name));
}
