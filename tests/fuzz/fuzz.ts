/** Fuzzing: mutated pictures through the real worker, some hundred at a start of it, and what came of them all. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTemporaryFolder } from "../support/temporaryFolder";
import { mutant } from "./mutants";
import { seedPictures } from "./seeds";
import { judge, type Fault } from "./verdict";
import { runWorker } from "./workerRun";

export interface FuzzOptions {
  readonly seed: number;
  readonly pictures: number;
  /** Guilty pictures are copied there. */
  readonly keep: string;
}

export interface FuzzReport {
  readonly pictures: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly faults: readonly Fault[];
  /** The longest time between two lines, and the picture it ended with. */
  readonly worst: { readonly ms: number; readonly name: string };
}

const picturesPerRun = 250;
/** Far above what a run takes; a run that lasts longer hangs. */
const runDeadlineMs = 600_000;

export async function fuzz(options: FuzzOptions, progress: (line: string) => void): Promise<FuzzReport> {
  const seeds = await seedPictures();
  const counts = new Map<string, number>();
  const faults: Fault[] = [];
  let worst = { ms: 0, name: "" };
  for (let first = 0; first < options.pictures; first += picturesPerRun) {
    const numbers = Array.from(
      { length: Math.min(picturesPerRun, options.pictures - first) },
      (_, index) => first + index,
    );
    await withTemporaryFolder(async (folder) => {
      const pictures = join(folder, "pictures");
      mkdirSync(pictures);
      const names = numbers.map((number) => {
        const { name, bytes } = mutant(seeds, options.seed, number);
        writeFileSync(join(pictures, name), bytes);
        return name;
      });
      const run = await runWorker({ pictures, out: join(folder, "out") }, runDeadlineMs);
      const verdict = judge(names, run);
      for (const [outcome, count] of verdict.counts) counts.set(outcome, (counts.get(outcome) ?? 0) + count);
      faults.push(...verdict.faults);
      if (run.worst.ms > worst.ms) worst = run.worst;
      keepGuilty(verdict.faults, pictures, options.keep);
      progress(`${first + names.length}/${options.pictures} pictures, ${faults.length} faults`);
    });
  }
  return { pictures: options.pictures, counts, faults, worst };
}

function keepGuilty(faults: readonly Fault[], pictures: string, keep: string): void {
  const guilty = new Set(faults.flatMap(({ picture }) => picture ?? []));
  if (guilty.size > 0) mkdirSync(keep, { recursive: true });
  for (const name of guilty) copyFileSync(join(pictures, name), join(keep, name));
}
