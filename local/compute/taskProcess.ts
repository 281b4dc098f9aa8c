/** Task processes: each leads a process group of its own, which dies with it, or with the local cloud itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import { after } from "./duration";

export interface ProcessSpec {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Appended to, so that what a retry's predecessor wrote stays readable. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

export type ProcessEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "program-not-found" }
  | { readonly kind: "launch-failed"; readonly reason: string };

export interface TaskProcess {
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM to the whole group, SIGKILL to what is left of it after a while. */
  stop(): void;
}

/** How long a process group may take to end by itself once told to. */
const graceMs = 3000;

/**
 * A shell that outlives us: it hears of every process group and, when our end of the pipe closes for whatever reason
 * (kill -9 too), kills those that are still there.
 */
const reaperScript = `
groups=
while read -r sign group; do
  if [ "$sign" = + ]; then groups="$groups $group"; continue; fi
  left=; for one in $groups; do [ "$one" = "$group" ] || left="$left $one"; done; groups=$left
done
for one in $groups; do kill -KILL "-$one"; done`;

export class ProcessGroups {
  private reaper: ChildProcess | undefined;

  start(spec: ProcessSpec): TaskProcess {
    const [program, ...args] = spec.argv;
    if (program === undefined)
      return { ended: Promise.resolve({ kind: "program-not-found" }), stop: () => undefined };
    // Before the process: what is killed between the two would leave it to nobody.
    const reaper = this.ensureReaper();
    const child = launch(program, args, spec);
    if (child instanceof Error) {
      const reason = child.message;
      return { ended: Promise.resolve({ kind: "launch-failed", reason }), stop: () => undefined };
    }
    const group = child.pid;
    if (group === undefined) return { ended: launchFailure(child), stop: () => undefined };
    reaper.stdin?.write(`+ ${group}\n`);
    let stopped = false;
    return {
      ended: new Promise((resolve) => {
        child.once("exit", (code, signal) => {
          const exitCode = code ?? 128 + constants.signals[signal ?? "SIGKILL"];
          void this.clear(group, stopped ? graceMs : 0).then(() => resolve({ kind: "exited", exitCode }));
        });
      }),
      stop: () => {
        if (stopped) return;
        stopped = true;
        signalGroup(group, "SIGTERM");
        const cancel = after(graceMs, () => signalGroup(group, "SIGKILL"));
        child.once("exit", cancel);
      },
    };
  }

  /** Ends the reaper; call it when no process runs any more. */
  async stop(): Promise<void> {
    const reaper = this.reaper;
    this.reaper = undefined;
    if (reaper?.exitCode !== null) return;
    await new Promise<void>((resolve) => {
      reaper.once("exit", () => resolve());
      reaper.stdin?.end();
    });
  }

  /** The leader is gone: its descendants may use the grace, then they are killed. */
  private async clear(group: number, patienceMs: number): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (signalGroup(group, 0) && Date.now() < deadline) await new Promise((next) => setTimeout(next, 20));
    signalGroup(group, "SIGKILL");
    this.reaper?.stdin?.write(`- ${group}\n`);
  }

  private ensureReaper(): ChildProcess {
    this.reaper ??= spawn("/bin/sh", ["-c", reaperScript], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    return this.reaper;
  }
}

/** An Error for what no system can launch: an empty program name, an argument with a zero byte. */
function launch(program: string, args: readonly string[], spec: ProcessSpec): ChildProcess | Error {
  const stdout = openSync(spec.stdoutFile, "a");
  const stderr = openSync(spec.stderrFile, "a");
  try {
    const { workingDirectory: cwd, environment: env } = spec;
    return spawn(program, args, { cwd, env, stdio: ["ignore", stdout, stderr], detached: true });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

/** False when the group is gone. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    // ESRCH: nobody is left in it.
    return false;
  }
}

function launchFailure(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === "ENOENT"
          ? { kind: "program-not-found" }
          : { kind: "launch-failed", reason: error.message },
      ),
    );
  });
}
