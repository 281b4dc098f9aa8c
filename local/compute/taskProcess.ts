/** Task processes: each leads a process group of its own, which dies with it, or with the local cloud itself. Launchers start them. */
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";

export interface ProcessSpec {
  readonly argv: readonly string[];
  /** Made where it is not there. */
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

/** What the launcher is told. Its numbers for processes are ours. */
export type ToLauncher =
  | { readonly kind: "start"; readonly id: number; readonly spec: ProcessSpec }
  | { readonly kind: "stop"; readonly id: number };

/** What the launcher tells when a process and its whole group have ended. */
export interface FromLauncher {
  readonly id: number;
  readonly end: ProcessEnd;
}

export interface TaskProcess {
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM to the whole group, SIGKILL to what is left of it after a while. */
  stop(): void;
}

/** A launcher starts one process after the other: as many do so at a time as there are processors, and a few at most. */
const mostLaunchers = Math.min(availableParallelism(), 4);

export class ProcessGroups {
  private readonly launchers = new Set<Launcher>();

  start(spec: ProcessSpec): TaskProcess {
    if (spec.argv.length === 0)
      return { ended: Promise.resolve({ kind: "program-not-found" }), stop: () => undefined };
    return this.freest().start(spec);
  }

  /** Ends the launchers; call it when no process runs any more. */
  async stop(): Promise<void> {
    await Promise.all([...this.launchers].map((launcher) => launcher.stop()));
  }

  /** One that has nothing to do; where all have, a new one, or else the one that has least. */
  private freest(): Launcher {
    const [first, ...others] = this.launchers;
    const freest =
      first && others.reduce((best, one) => (one.processes < best.processes ? one : best), first);
    if (freest !== undefined && (freest.processes === 0 || this.launchers.size >= mostLaunchers))
      return freest;
    const launcher = new Launcher(() => this.launchers.delete(launcher));
    this.launchers.add(launcher);
    return launcher;
  }
}

/** Shells say 128 + 9 of what SIGKILL ended. */
const killed: ProcessEnd = { kind: "exited", exitCode: 137 };

/** A launcher and the processes that it started; launcher.cjs is its side of it. */
class Launcher {
  private readonly child: ChildProcess;
  private lastId = 0;
  /** What waits for the end of a process, by its number. */
  private readonly waiting = new Map<number, (end: ProcessEnd) => void>();

  constructor(private readonly onGone: () => void) {
    // Not in our process group: a Ctrl-C is for the cloud, which ends what runs before it lets go of the launcher.
    this.child = fork(join(__dirname, "launcher.cjs"), [], {
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      detached: true,
    });
    this.child.on("message", ({ id, end }: FromLauncher) => this.settle(id, end));
    this.child.once("error", (error) => this.lose({ kind: "launch-failed", reason: error.message }));
    this.child.once("exit", () => this.lose(killed));
  }

  /** How many run. */
  get processes(): number {
    return this.waiting.size;
  }

  start(spec: ProcessSpec): TaskProcess {
    const id = ++this.lastId;
    const ended = new Promise<ProcessEnd>((resolve) => this.waiting.set(id, resolve));
    this.tell({ kind: "start", id, spec });
    return { ended, stop: () => this.tell({ kind: "stop", id }) };
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.child.once("exit", () => resolve());
      if (this.child.connected) this.child.disconnect();
    });
  }

  /** A launcher that is gone can be told nothing; what waits for its processes hears of that from its exit. */
  private tell(message: ToLauncher): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** Somebody killed the launcher, or it could not start: its reaper kills what it had started, and the next process gets another one. */
  private lose(end: ProcessEnd): void {
    this.onGone();
    for (const id of [...this.waiting.keys()]) this.settle(id, end);
  }

  private settle(id: number, end: ProcessEnd): void {
    this.waiting.get(id)?.(end);
    this.waiting.delete(id);
  }
}
