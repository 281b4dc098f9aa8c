/** What a measurement ran on: without it a number says nothing. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { basename } from "node:path";
import { versions } from "../../worker/versions";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Of the minute before the measurement: above 0.3 something else was running. */
  readonly loadBefore: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly model: { readonly file: string; readonly sha256: string; readonly bytes: number };
}

export function machineFor(modelFile: string): Machine {
  const bytes = readFileSync(modelFile);
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    loadBefore: loadavg()[0] ?? 0,
    versions: versions(),
    model: {
      file: basename(modelFile),
      sha256: createHash("sha256").update(bytes).digest("hex"),
      bytes: bytes.length,
    },
  };
}
