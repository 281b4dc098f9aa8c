/** `npm run fuzz -- --seed N --pictures N`: exit 1 when a picture or a run is lost, or fails for a reason that nobody foresaw. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { typedPath, wholeNumber } from "../../worker/contract/commandLine";
import { messageOf } from "../../worker/failure";
import { fuzz, type FuzzReport } from "./fuzz";

interface Flags {
  readonly seed: number;
  readonly pictures: number;
  readonly keep: string;
}

const program = new Command("npm run fuzz --")
  .description("Mutated pictures of every format through the worker; the same seed makes the same pictures.")
  .option("--seed <n>", "which pictures", wholeNumber(0, 2 ** 31 - 1), 1)
  .option("--pictures <n>", "how many", wholeNumber(1, 99_999), 2000)
  .option(
    "--keep <folder>",
    "where guilty pictures go",
    typedPath(process.env),
    join(tmpdir(), "detect-fuzz"),
  )
  .action(async (flags: Flags) => {
    const report = await fuzz(flags, (line) => process.stderr.write(`${line}\n`));
    console.log(textOf(report, flags.seed));
    if (report.faults.length === 0) return;
    console.log(`Guilty pictures are kept in ${flags.keep}.`);
    process.exitCode = 1;
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
