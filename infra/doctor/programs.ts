/** The command line programs of this machine, asked for one thing each. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A backend far away, or a laptop that is busy. */
const deadlineMs = 30_000;

export type Said =
  | { readonly kind: "said"; readonly stdout: string }
  /** Not on PATH. */
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly reason: string };

export type Programs = (program: "pulumi" | "az", args: readonly string[]) => Promise<Said>;

/** `folder`: where they run; `environment`: with the PATH that they are looked for on; `interrupted` ends them. */
export function openPrograms(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  interrupted: AbortSignal,
): Programs {
  return async (program, args) => {
    try {
      const options = { cwd: folder, env: environment, timeout: deadlineMs, signal: interrupted };
      return { kind: "said", stdout: (await promisify(execFile)(program, [...args], options)).stdout.trim() };
    } catch (error) {
      const { code, killed, stderr } = error as { code?: unknown; killed?: boolean; stderr?: string };
      if (code === "ENOENT") return { kind: "absent" };
      if (killed === true) return { kind: "failed", reason: `no end after ${deadlineMs / 1000} s` };
      return { kind: "failed", reason: firstLine(stderr) || `it ended with ${String(code)}` };
    }
  };
}

const firstLine = (text = ""): string =>
  text
    .trim()
    .split("\n", 1)[0]!
    .replace(/^(error|ERROR): /, "");
