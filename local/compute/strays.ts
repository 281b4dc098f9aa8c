/**
 * Strays: what a killed predecessor of this process left running on the account's nodes. Its reaper ends process groups, but hears nothing of a group
 * that was just being launched, nor of a process that left its group; all have the environment of their node.
 */
import { readdirSync, readFileSync } from "node:fs";
import { sep } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** How long a killed process may take to be gone. One that the system itself holds (a dead mount) must not hold up the rest. */
const patienceMs = 5000;

/** Kills every process of a node below the folder, at once; resolves when they are gone. To be called before anything is run there. */
export async function endStrays(accountRoot: string): Promise<void> {
  const mark = `\0AZ_BATCH_NODE_ROOT_DIR=${accountRoot}${sep}`;
  const strays = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && isMarked(pid, mark));
  for (const pid of strays) kill(Number(pid));
  const deadline = Date.now() + patienceMs;
  while (strays.some((pid) => isMarked(pid, mark)) && Date.now() < deadline) await pause(10);
}

/** False for a process that has ended, for another user's, and for one that waits to be noticed as ended: it has no environment any more. */
function isMarked(pid: string, mark: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`.includes(mark);
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ESRCH: it has ended by itself.
  }
}
