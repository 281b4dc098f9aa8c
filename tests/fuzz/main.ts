/**
 * `npm run fuzz -- --seed N --pictures N`: exit 1 when a picture or a run is lost, or fails for a reason that nobody foresaw.
 * `npm run fuzz -- batch --seed N --count N`: exit 1 when the local Batch service answers a mutated request as it must not.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { typedPath, wholeNumber } from "../../worker/contract/commandLine";
import { messageOf } from "../../worker/failure";
import { type BatchFuzzReport, fuzzBatch } from "./batch/batchFuzz";
import { fuzz, type FuzzReport } from "./fuzz";

interface Flags {
  readonly seed: number;
  readonly pictures: number;
  readonly keep: string;
}

interface BatchFlags {
  readonly seed: number;
  readonly count: number;
}

const program = new Command("npm run fuzz --");
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const seed = ["--seed <n>", "which of them", wholeNumber(0, 2 ** 31 - 1), 1] as const;

program
  .command("pictures", { isDefault: true })
  .description("Mutated pictures of every format through the worker; the same seed makes the same pictures.")
  .option(...seed)
  .option("--pictures <n>", "how many", wholeNumber(1, 99_999), 2000)
  .option(
    "--keep <folder>",
    "where guilty pictures go",
    typedPath(process.env),
    join(tmpdir(), "detect-fuzz"),
  )
  .action(async (flags: Flags) => {
    const report = await fuzz(flags, say);
    console.log(textOf(report, flags.seed));
    if (report.faults.length === 0) return;
    console.log(`Guilty pictures are kept in ${flags.keep}.`);
    process.exitCode = 1;
  });

program
  .command("batch")
  .description("Mutated requests to the local Batch service; the same seed makes the same requests.")
  .option(...seed)
  .option("--count <n>", "how many", wholeNumber(1, 999_999), 5000)
  .action(async (flags: BatchFlags) => {
    const report = await fuzzBatch(flags, say);
    console.log(batchText(report, flags));
    if (report.faults.length > 0) process.exitCode = 1;
  });

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});

function textOf({ pictures, counts, faults, worst }: FuzzReport, seed: number): string {
  const outcomes = [...counts].sort(([, a], [, b]) => b - a);
  return [
    `${pictures} pictures of seed ${seed}, ${faults.length} faults`,
    ...outcomes.map(([outcome, count]) => `${String(count).padStart(7)}  ${outcome}`),
    `Longest wait for a picture: ${Math.round(worst.ms)} ms (${worst.name})`,
    ...faults.map(({ picture = "run", what }) => `FAULT ${picture}: ${what}`),
  ].join("\n");
}

function batchText({ counts, faults, worst }: BatchFuzzReport, { seed, count }: BatchFlags): string {
  const outcomes = [...counts].sort(([, a], [, b]) => b - a);
  return [
    `${count} requests of seed ${seed}, ${faults.length} faults`,
    ...outcomes.map(([outcome, times]) => `${String(times).padStart(7)}  ${outcome}`),
    `Longest wait for an answer: ${Math.round(worst.ms)} ms (${worst.name})`,
    ...faults.map(
      ({ mutant, what }) => `FAULT ${mutant ? `${mutant.number} ${mutant.name}` : "all"}: ${what}`,
    ),
  ].join("\n");
}
