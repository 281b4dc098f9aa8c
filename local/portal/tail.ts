/** The end of a text file on a node, as far as a person reads. */
import { open } from "node:fs/promises";
import { BatchFailure } from "../compute/failure";
import { findFile } from "../compute/files";

const mostBytes = 64 * 1024;

/** A sentence in its place where there is nothing to read: not written yet, the node is gone, the files are cleaned up. */
export async function textOf(root: () => string, name: string): Promise<string> {
  try {
    const { path, stats } = await findFile(root(), name);
    const from = Math.max(0, stats.size - mostBytes);
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(stats.size - from),
        0,
        stats.size - from,
        from,
      );
      const text = buffer.toString("utf8", 0, bytesRead);
      if (text === "") return "(empty)";
      return from === 0 ? text : `(the last ${mostBytes / 1024} KiB of ${stats.size} bytes)\n${text}`;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof BatchFailure) return `(${error.message})`;
    throw error;
  }
}
