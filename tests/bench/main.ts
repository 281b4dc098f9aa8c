/** `npm run bench`: speed, `-- memory`, `-- stream`, `-- engine`, `-- batch`, `-- scale`. Measures and writes bench.json; asserts nothing. */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { typedPath, wholeNumber } from "../../worker/contract/commandLine";
import { messageOf } from "../../worker/failure";
import { project } from "../support/command";
import { measureBatch } from "./batch";
import { engineTable, measureEngine } from "./engine";
import { figureTable } from "./figures";
import { machineFor } from "./machine";
import { measureMemory } from "./memory";
import { measureScale } from "./scale";
import { measureSpeed } from "./speed";
import { measureStages } from "./stages";
import { measureStream } from "./stream";
import { memoryTable, speedTable, stageTable, streamTable } from "./tables";

interface Flags {
  readonly model: string;
  readonly images: string;
  readonly threads: number;
  readonly count: number;
  readonly rounds: number;
  readonly out: string;
  readonly json: boolean;
}

// As the worker's own main process sets it for the processes that it starts.
process.env.MALLOC_MMAP_THRESHOLD_ ??= String(2 ** 20);

const path = typedPath(process.env);
const cores = availableParallelism();

function command(
  name: string,
  description: string,
  defaults: { readonly count: number; readonly rounds: number; readonly threads: number },
): Command {
  return new Command(name)
    .description(description)
    .option("--model <file.onnx>", "a detection model", path, join(project, "assets/model/street.onnx"))
    .option(
      "--images <folder>",
      "pictures, cut to the sizes that are measured",
      path,
      join(project, "assets/images"),
    )
    .option("--threads <n>", "inference threads", wholeNumber(1, 256), defaults.threads)
    .option("--count <n>", "pictures of one measurement", wholeNumber(1, 10_000_000), defaults.count)
    .option("--rounds <n>", "rounds; the median counts", wholeNumber(1, 100), defaults.rounds)
    .option("--out <file>", "where the numbers go", path, join(project, "bench.json"))
    .option("--json", "print the numbers as JSON", false);
}

/** Measures, writes the numbers beside what they were measured on, prints them. */
function measuring<T>(measure: (flags: Flags) => Promise<T>, tableOf: (measured: T) => string) {
  return async (flags: Flags): Promise<void> => {
    const machine = machineFor(flags.model);
    const measured = await measure(flags);
    const numbers = `${JSON.stringify({ machine, measured }, undefined, 2)}\n`;
    writeFileSync(flags.out, numbers);
    process.stdout.write(
      flags.json
        ? numbers
        : `${tableOf(measured)}\n${machine.cpu}, ${machine.cores} cores, load before ${machine.loadBefore.toFixed(2)}; ${Object.entries(
            machine.versions,
          )
            .map(([name, version]) => `${name} ${version}`)
            .join(", ")}\n`,
    );
  };
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

const program = new Command("npm run bench --").description(
  "Measurements of the worker, of deploys and of the local Batch service; the numbers also go to bench.json.",
);
program.addCommand(
  command("speed", "throughput against raw inference and against the tutorial style, and CPU per stage", {
    count: 120,
    rounds: 5,
    threads: cores,
  }).action(
    measuring(
      async (flags: Flags) => ({
        speed: await measureSpeed(flags, progress),
        stages: await measureStages(flags),
      }),
      ({ speed, stages }) => `${speedTable(speed)}\n\n${stageTable(stages)}`,
    ),
  ),
  { isDefault: true },
);
program.addCommand(
  command("memory", "memory of `npm run detect` over many pictures", {
    count: 2000,
    rounds: 1,
    threads: cores,
  }).action(measuring((flags: Flags) => measureMemory(flags, progress), memoryTable)),
);
program.addCommand(
  command(
    "stream",
    "a task's throughput from and to containers with 30 ms of added latency, against folders",
    { count: 120, rounds: 5, threads: 1 },
  ).action(measuring((flags: Flags) => measureStream(flags, progress), streamTable)),
);

program.addCommand(
  command("engine", "what Pulumi's engine takes for a preview and for an up with nothing to do", {
    count: 1,
    rounds: 5,
    threads: cores,
  }).action(measuring((flags: Flags) => measureEngine(flags, progress), engineTable)),
);

program.addCommand(
  command("batch", "the local Batch service: tasks a second, and a hundred thousand tasks", {
    count: 100_000,
    rounds: 5,
    threads: 4,
  }).action(measuring((flags: Flags) => measureBatch(flags, progress), figureTable)),
);

program.addCommand(
  command(
    "scale",
    "a run over a million images: planned, submitted, run by a stand-in worker, accounted for",
    {
      count: 1_000_000,
      rounds: 1,
      threads: 8,
    },
  ).action(measuring((flags: Flags) => measureScale(flags, progress), figureTable)),
);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
