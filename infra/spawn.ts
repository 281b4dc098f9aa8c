/**
 * How the program runs a command of ours: arguments without a shell, an allowlisted environment, stderr passed on live, JSON from
 * stdout. Dynamic providers use it, so Pulumi stores it in the stack's state: no captured objects, and nothing that may not be read there.
 */
import { spawn } from "node:child_process";

export interface OwnCommand {
  /** TypeScript entry point, relative to the project, which is the working directory of every Pulumi program. */
  readonly script: string;
  readonly args: readonly string[];
  readonly deadlineMs: number;
}

/**
 * What a command of ours may need: where things are, how to reach the network, who we are. Everything else stays behind, above all
 * Pulumi's configuration and passphrase.
 */
const passedOn = [
  ...["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "TZ"],
  ...["TERM", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "CI"],
  ...["USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "COMSPEC", "PATHEXT"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"],
  ...["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"],
  ...["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"],
];
/** AZURE_* is what @azure/identity reads, ARM_* and ACTIONS_ID_TOKEN_REQUEST_* what azure-native reads, and we with it. */
const passedOnPrefixes = ["AZURE_", "ARM_", "ACTIONS_ID_TOKEN_REQUEST_", "NPM_CONFIG_"];

/** Runs a command and returns what it printed as JSON. When it fails, its last sentence on stderr is the error's message. */
export async function runOwnCommand(command: OwnCommand): Promise<unknown> {
  const name = `${command.script} ${command.args[0] ?? ""}`;
  const child = spawn(process.execPath, ["--require", "tsx/cjs", command.script, ...command.args], {
    // eslint-disable-next-line no-restricted-properties -- this is the door where the environment is cut down
    env: childEnvironment(process.env),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: command.deadlineMs,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    process.stderr.write(text);
    stderr = (stderr + text).slice(-10_000);
  });
  const ended = await new Promise<{ exitCode: number | null }>((resolve, reject) => {
    child.once("close", (exitCode) => resolve({ exitCode })).once("error", reject);
  });
  if (ended.exitCode === null && child.killed)
    throw new Error(`${name} did not end within ${command.deadlineMs / 60_000} minutes and was stopped.`);
  if (ended.exitCode !== 0) throw new Error(lastSentence(stderr) ?? `${name} failed and gave no reason.`);
  try {
    return JSON.parse(stdout) as unknown;
  } catch (error) {
    throw new Error(`${name} ended well, but did not answer with JSON: ${stdout.slice(0, 200)}`, {
      cause: error,
    });
  }
}

/** The part of an environment that a command of ours gets. Windows writes names in any case, npm and proxies in either. */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const allowed = (name: string): boolean =>
    passedOn.includes(name) || passedOnPrefixes.some((prefix) => name.startsWith(prefix));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => allowed(name.toUpperCase())));
}

/** A text that the command's answer must have. */
export function textOf(answer: unknown, key: string): string {
  const value = memberOf(answer, key);
  if (typeof value !== "string")
    throw new Error(`The command's answer has no text "${key}": ${JSON.stringify(answer)}`);
  return value;
}

/** A number that the command's answer must have. */
export function numberOf(answer: unknown, key: string): number {
  const value = memberOf(answer, key);
  if (typeof value !== "number")
    throw new Error(`The command's answer has no number "${key}": ${JSON.stringify(answer)}`);
  return value;
}

/** Undefined where the answer has none. */
export function memberOf(answer: unknown, key: string): unknown {
  return typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>)[key] : undefined;
}

function lastSentence(stderr: string): string | undefined {
  const lines = stderr.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").at(-1);
}
