/** A run of the real worker over a folder, as a person starts it: what it wrote, how it ended, how long it was silent. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseResult, type ResultLine } from "../../worker/contract/result";
import { project } from "../support/command";

export interface WorkerRun {
  /** Null when it was killed, by the deadline or by a signal. */
  readonly exit: number | null;
  readonly lines: readonly ResultLine[];
  /** What it said last, for a run that went wrong. */
  readonly lastWords: string;
  /** Longest time between the lines of two pictures, and the picture whose line came then. */
  readonly worst: { readonly ms: number; readonly name: string };
}

export interface WorkerFolders {
  readonly pictures: string;
  readonly out: string;
}

const model = join(project, "assets/model/street.onnx");

export async function runWorker({ pictures, out }: WorkerFolders, deadlineMs: number): Promise<WorkerRun> {
  const args = ["--require", "tsx/cjs", "worker/main.ts", "detect", "--model", model, "--out", out, pictures];
  const child = spawn(process.execPath, args, {
    cwd: project,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const deadline = setTimeout(
    () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"),
    deadlineMs,
  );
  const said: string[] = [];
  let worst = { ms: 0, name: "" };
  let lastMs: number | undefined;
  createInterface(child.stderr).on("line", (line) => {
    said.push(line);
    const name = /^\d+\/\d+ ([^ ]+):/.exec(line)?.[1];
    if (name === undefined) return;
    const nowMs = performance.now();
    if (lastMs !== undefined && nowMs - lastMs > worst.ms) worst = { ms: nowMs - lastMs, name };
    lastMs = nowMs;
  });
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve(code));
  });
  clearTimeout(deadline);
  return { exit, lines: resultsIn(out), lastWords: said.slice(-3).join("\n"), worst };
}

function resultsIn(out: string): ResultLine[] {
  let text: string;
  try {
    text = readFileSync(join(out, "results.ndjson"), "utf8");
  } catch {
    return []; // the run did not come to its end
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => parseResult(line, `results.ndjson line ${index + 1}`));
}
