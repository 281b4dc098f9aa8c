/** One local cloud a state folder: a file names the process that has it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Takes the lock, also from a process that is gone. Returns its release. When another process has it, throws a sentence:
 * `what` is running, and what to do about it (`advice`).
 */
export function takeLock(file: string, what: string, advice: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const holder = readOptional(file);
  if (holder !== undefined) {
    const [pid = "", startTime] = holder.split(" ");
    if (startTime !== undefined && startTime === startTimeOf(pid)) throw isRunning(what, pid, advice);
    rmSync(file, { force: true });
  }
  try {
    const own = String(process.pid);
    // Fails where somebody was faster.
    writeFileSync(file, `${own} ${startTimeOf(own) ?? ""}`, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw isRunning(what, readOptional(file)?.split(" ")[0] ?? "unknown", advice);
  }
  return () => rmSync(file, { force: true });
}

function isRunning(what: string, pid: string, advice: string): Error {
  return new Error(`${what} is running already (process ${pid}); ${advice}`);
}

/**
 * When a process started, in ticks since the machine did; undefined when there is no such process. A number alone would name another
 * process one day, and in a container soon.
 */
function startTimeOf(pid: string): string | undefined {
  // proc(5): field 22; the second one, the program's name, is in parentheses and may hold anything.
  const fields = readOptional(`/proc/${pid}/stat`)?.split(") ").at(-1)?.split(" ");
  return fields?.[19];
}

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
