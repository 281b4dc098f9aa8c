/**
 * Entry point of the worker: `detect` on folders, `task` inside Batch, `self-test` on a node. Each loads what it needs: this process
 * of `detect` and `task` has no native library in it that a picture could crash.
 */
import { existsSync } from "node:fs";
import { Command, Option } from "commander";
import { coloursFor } from "./contract/colours";
import { typedPath } from "./contract/commandLine";
import { exitCode } from "./contract/exitCode";
import { watchInterruption } from "./contract/interruption";
import { runToExit } from "./contract/runCommand";
import { detect, progressLine } from "./detect";
import { detectOptionsOf, withDetectFlags, type DetectFlags } from "./detectFlags";
import { ProgressBar } from "./progressBar";
import { unlessInterrupted } from "./unlessInterrupted";

// Read by glibc when a process starts, so it counts for the inference processes: memory of pictures goes back to the system at once.
process.env.MALLOC_MMAP_THRESHOLD_ ??= String(2 ** 20);

const interruption = watchInterruption(
  () => undefined,
  (code) => process.exit(code),
);

const path = typedPath(process.env);

function commands(): Command {
  const program = new Command("worker")
    .description("Object detection with a YOLOv8-family ONNX model")
    .exitOverride();
  const model = () =>
    new Option("--model <file.onnx>", "a YOLOv8-family detection model")
      .argParser(path)
      .makeOptionMandatory();

  const detectCommand = program
    .command("detect")
    .description("pictures in, detections and annotated pictures out")
    .addOption(model());
  withDetectFlags(detectCommand, path)
    .argument("<images...>", "files and folders")
    .action(async (images: string[], flags: DetectFlags) => {
      process.exitCode = await runDetect(images.map(path), flags);
    });

  program
    .command("task")
    .description("one shard, inside a Batch task")
    .addOption(model())
    .requiredOption("--manifest <file>", "the shard's manifest", path)
    .action(async (options: { model: string; manifest: string }) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is needed
      const { runTask } = require("./task") as typeof import("./task");
      const task = runTask(options, interruption.signal, (line) => console.log(line));
      const summary = await unlessInterrupted(task, interruption.signal);
      if (summary === undefined) {
        process.exitCode = interruption.exitCode;
        return;
      }
      console.log(
        `${summary.done} images done, ${summary.failed} failed, ${summary.imagesPerSecond.toFixed(1)} images/s`,
      );
    });

  program
    .command("self-test")
    .description("prove that runtime, worker and model work together")
    .addOption(model())
    .action(async (options: { model: string }) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- it brings the native libraries
      const { selfTest } = require("./selfTest") as typeof import("./selfTest");
      console.log(JSON.stringify(await selfTest(options.model)));
    });
  return program;
}

async function runDetect(images: readonly string[], flags: DetectFlags): Promise<number> {
  const bar = terminalBar();
  const detecting = detect(detectOptionsOf(images, flags), interruption.signal, (progress) => {
    if (bar === undefined) process.stderr.write(`${progressLine(progress)}\n`);
    else bar.show(progress, performance.now());
  }).finally(() => bar?.end());
  const summary = await unlessInterrupted(detecting, interruption.signal);
  if (summary === undefined) {
    const partial = `${flags.out}/results.ndjson.partial`;
    const done = existsSync(partial) ? `what was done is in ${partial}` : "nothing was done yet";
    console.error(`Interrupted; ${done}.`);
    return interruption.exitCode ?? exitCode.interrupted;
  }
  if (flags.json) console.log(JSON.stringify(summary));
  else {
    const failed = summary.failed === 0 ? "" : `, ${summary.failed} failed (their lines say why)`;
    const rate = `${summary.imagesPerSecond.toFixed(1)} images/s`;
    console.log(
      `${summary.done} images done${failed}, ${summary.detections} detections, ${rate}. Results: ${flags.out}/results.ndjson`,
    );
  }
  return summary.failed > 0 ? exitCode.someFailed : exitCode.ok;
}

/** A bar where somebody looks on; a line for each picture in a pipe, a log, or a terminal that cannot redraw. */
function terminalBar(): ProgressBar | undefined {
  if (!process.stderr.isTTY || process.env.TERM === "dumb") return undefined;
  return new ProgressBar(process.stderr, coloursFor(process.stderr, process.env));
}

void runToExit(commands(), () => process.exit());
