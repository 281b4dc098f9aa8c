/** A command run to its end: what it said, how long it took, and the most memory its process ever had. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { project } from "../support/command";

export interface Measured {
  readonly stdout: string;
  readonly seconds: number;
  readonly peakMb: number;
}

/** The kernel keeps the peak; what is looked at this often misses only what came in the last moment. */
const lookMs = 100;

/** Node with these arguments, in the project's folder. Its stderr goes to ours. Throws when it does not end well. */
export async function runMeasured(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Measured> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: project,
    env: { ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let peakMb = 0;
  const look = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child.pid))), lookMs);
  try {
    const closed = once(child, "close");
    const stdout = await text(child.stdout);
    await closed;
    if (child.exitCode !== 0)
      throw new Error(`node ${args.join(" ")} ended with ${String(child.exitCode)}:\n${stdout}`);
    return { stdout, seconds: (performance.now() - startedMs) / 1000, peakMb };
  } finally {
    clearInterval(look);
  }
}

/** proc(5): VmHWM; 0 of a process that has ended. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
