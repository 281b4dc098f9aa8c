/** The outputs of a stack as Pulumi's own CLI tells them. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Asking a backend far away takes seconds. */
const deadlineMs = 60_000;

/** The outputs as JSON text. Throws a sentence when there is no Pulumi, no such stack, or no login. */
export async function stackOutputs(stack: string, project: string): Promise<string> {
  try {
    const options = { cwd: project, timeout: deadlineMs, maxBuffer: 16 * 1024 * 1024 };
    const args = ["stack", "output", "--json", "--stack", stack, "--non-interactive"];
    return (await promisify(execFile)("pulumi", args, options)).stdout;
  } catch (error) {
    throw new Error(`Cannot read the outputs of stack ${stack}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { code, killed, stderr } = error as { code?: unknown; killed?: boolean; stderr?: string };
  if (code === "ENOENT") return "there is no pulumi on PATH. Give the outputs by --target FILE.";
  if (killed === true) return `pulumi did not answer within ${deadlineMs / 1000} s.`;
  return (stderr ?? "").trim().replace(/^error: /, "") || String(error);
}
