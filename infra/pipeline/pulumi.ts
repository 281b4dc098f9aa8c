/** Pulumi's own CLI as a child: its lines as they come, its exit code, its end by a deadline or an interruption. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface PulumiCommand {
  readonly args: readonly string[];
  /** The project. */
  readonly folder: string;
  readonly environment: Environment;
  readonly deadlineMs: number;
  readonly interruption: Interruption;
  readonly onLine?: (line: string) => void;
}

/** How people stop it: Pulumi's own two steps. */
export interface Interruption {
  /** It finishes what it has begun, and frees the stack. */
  readonly asked: AbortSignal;
  /** It gives up at once; the stack stays locked, and the README tells how to go on. */
  readonly insisted: AbortSignal;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface PulumiEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Throws a sentence when there is no Pulumi, or no end before the deadline. */
export async function runPulumi(command: PulumiCommand): Promise<PulumiEnd> {
  const child = spawn("pulumi", [...command.args, "--non-interactive", "--color", "never"], {
    cwd: command.folder,
    env: withoutGitHubToken(command.environment),
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: a second SIGINT makes Pulumi give up at once, and a terminal would send one beside ours.
    detached: true,
  });
  const late = new AbortController();
  const ask = (): void => void child.kill("SIGINT");
  const timer = setTimeout(() => {
    late.abort();
    ask();
  }, command.deadlineMs);
  const { asked, insisted } = command.interruption;
  if (asked.aborted) ask();
  for (const signal of [asked, insisted]) signal.addEventListener("abort", ask, { once: true });

  let stdout = "";
  let stderr = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    stdout += `${line}\n`;
    command.onLine?.(line);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => reject(notStarted(error)));
      child.once("close", (code) => resolve(code ?? 1));
    });
    if (late.signal.aborted)
      throw new Error(
        `pulumi ${command.args[0] ?? ""} did not end within ${command.deadlineMs / 60_000} minutes and was asked to stop.`,
      );
    return { exitCode, stdout, stderr };
  } finally {
    clearTimeout(timer);
    for (const signal of [asked, insisted]) signal.removeEventListener("abort", ask);
  }
}

/** The program that Pulumi runs has no business in the repository. */
function withoutGitHubToken(environment: Environment): Record<string, string | undefined> {
  return { ...environment, GITHUB_TOKEN: undefined };
}

function notStarted(error: NodeJS.ErrnoException): Error {
  const reason =
    error.code === "ENOENT"
      ? "there is no pulumi on PATH. See https://www.pulumi.com/docs/install/."
      : error.message;
  return new Error(`Pulumi cannot be started: ${reason}`, { cause: error });
}
