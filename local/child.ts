/** Child processes of the local cloud's own: daemons that end with it, and commands run in the foreground. */
import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";

/** What a child of ours inherits of the environment: what it takes to run at all, never credentials. */
const inherited = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TERM", "TZ", "CI", "NO_COLOR", "FORCE_COLOR"];

export function allowedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    inherited.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export interface DaemonOptions {
  /** For messages: "Azurite of account stfoo". */
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Asked until it says true. */
  readonly ready: () => Promise<boolean>;
  readonly deadlineMs: number;
}

export interface Daemon {
  /** SIGTERM, after 5 s SIGKILL; safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a Node script that ends with this process (also when this one is killed) and waits until it is ready. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const child = spawn(
    process.execPath,
    ["--require", join(__dirname, "endWithParent.cjs"), options.script, ...options.args],
    // In a process group of its own: a Ctrl-C is for the programs that use it, which may need it to end in order.
    { env: options.environment, stdio: ["ignore", "pipe", "pipe", "ipc"], detached: true },
  );
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) =>
      lastLines.splice(0, Math.max(0, lastLines.push(String(chunk)) - 20)),
    );
  }
  const ended = exitOf(child);
  const daemon: Daemon = { stop: () => stop(child, ended) };

  const deadline = Date.now() + options.deadlineMs;
  while (!(await options.ready())) {
    const died = await Promise.race([ended.then(() => true), pause(50).then(() => false)]);
    if (died)
      throw new Error(
        `${options.name} ended while starting: ${lastLines.join("").trim() || "it said nothing"}`,
      );
    if (Date.now() > deadline) {
      await daemon.stop();
      throw new Error(
        `${options.name} was not ready after ${options.deadlineMs / 1000} s: ${lastLines.join("").trim()}`,
      );
    }
  }
  return daemon;
}

export type Shown = "everything" | "errors" | "nothing";

export interface ForegroundCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Shown on this terminal: everything, errors alone, or nothing. */
  readonly shown?: Shown;
  /** Ends the command: it has had the terminal's own signal already and gets SIGTERM after 5 s, SIGKILL after 10 s. */
  readonly interrupted: AbortSignal;
}

/** Runs a command with this terminal; resolves with its exit code (128 + signal number when a signal ended it). */
export async function runForeground(options: ForegroundCommand): Promise<number> {
  const { shown = "everything" } = options;
  const child = spawn(options.command, options.args, {
    cwd: options.folder,
    env: { ...options.environment },
    stdio: [
      "inherit",
      shown === "everything" ? "inherit" : "ignore",
      shown === "nothing" ? "ignore" : "inherit",
    ],
  });
  const timers: NodeJS.Timeout[] = [];
  const interrupt = (): void => {
    timers.push(
      setTimeout(() => child.kill("SIGTERM"), 5000),
      setTimeout(() => child.kill("SIGKILL"), 10_000),
    );
  };
  if (options.interrupted.aborted) interrupt();
  else options.interrupted.addEventListener("abort", interrupt, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => reject(notStarted(options, error)));
      child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
    });
  } finally {
    options.interrupted.removeEventListener("abort", interrupt);
    timers.forEach(clearTimeout);
  }
}

function notStarted({ command, folder }: ForegroundCommand, error: NodeJS.ErrnoException): Error {
  const reason = error.code === "ENOENT" ? "there is no such program" : error.message;
  return new Error(`${command} cannot be started in ${folder}: ${reason}`, { cause: error });
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(kill);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
