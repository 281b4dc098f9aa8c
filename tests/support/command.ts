/** Running a command of the project as a person would, and what it leaves behind. */
import { spawn } from "node:child_process";
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export const project = resolve(__dirname, "../..");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly deadlineMs?: number;
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Sent to the whole process group, as Ctrl-C is, once the output holds this text. */
  readonly interruptAfter?: string;
  /** The command alone, not its group, gets a SIGKILL once the output holds this text: it cannot tell its children. */
  readonly killAfter?: string;
  /** Done once when the output holds a text. */
  readonly onceSaid?: { readonly text: string; readonly act: () => void };
}

/** Runs to the end; killed with its whole group after the deadline, and then its code is null. */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Finished> {
  const { deadlineMs = 240_000, folder = project, environment = process.env } = options;
  const { interruptAfter, killAfter } = options;
  const onceSaid =
    killAfter !== undefined
      ? { text: killAfter, act: (): void => void child.kill("SIGKILL") }
      : interruptAfter !== undefined
        ? { text: interruptAfter, act: (): void => signalGroup("SIGINT") }
        : options.onceSaid;
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...environment },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
  };
  const killed = setTimeout(() => signalGroup("SIGKILL"), deadlineMs);
  let stdout = "";
  let stderr = "";
  let isSaid = false;
  const watch = (): void => {
    if (onceSaid === undefined || isSaid || !(stdout + stderr).includes(onceSaid.text)) return;
    isSaid = true;
    onceSaid.act();
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += String(chunk);
    watch();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += String(chunk);
    watch();
  });
  return new Promise((resolveRun, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(killed);
      resolveRun({ code, stdout, stderr });
    });
  });
}

/** `npm start -- …` without npm in between. */
export function local(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  return run(process.execPath, ["--require", "tsx/cjs", "local/main.ts", ...args], options);
}

/** Command lines of the processes whose command line or working directory names this folder. */
export function processesIn(folder: string): string[] {
  return [...processesById(folder).values()];
}

/** Ends those of them whose command line has this text: what a killed command of the test's left behind. Resolves when they are gone. */
export async function endProcessesIn(folder: string, text: string): Promise<void> {
  const ended = [...processesById(folder)].flatMap(([pid, line]) => (line.includes(text) ? [pid] : []));
  for (const pid of ended) process.kill(pid, "SIGKILL");
  // A killed process is still listed until the last of its threads has gone.
  const areLeft = (): boolean => ended.some((pid) => processesById(folder).has(pid));
  for (let tries = 0; areLeft() && tries < 200; tries++) await sleep(50);
}

function processesById(folder: string): Map<number, string> {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return new Map(
    pids.flatMap((pid): [number, string][] => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const directory = readlinkSync(`/proc/${pid}/cwd`);
        return commandLine.includes(folder) || directory.startsWith(folder)
          ? [[Number(pid), commandLine]]
          : [];
      } catch {
        return []; // it ended meanwhile, or is another user's
      }
    }),
  );
}
