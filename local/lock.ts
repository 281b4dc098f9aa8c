/** One local cloud a state folder: a file names the process that has it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Takes the lock, also from a process that is gone. Returns its release. When another process has it, throws a sentence:
 * `what` is running, and what to do about it (`advice`).
 */
export function takeLock(file: string, what: string, advice: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const holder = Number(readOptional(file));
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    throw new Error(`${what} is running already (process ${holder}); ${advice}`);
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
