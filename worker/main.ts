/** Entry point of the worker: `detect` on folders, `task` inside Batch, `self-test` on a node. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { typedPath, wholeNumber } from "./contract/commandLine";
import { exitCode } from "./contract/exitCode";
import { watchInterruption } from "./contract/interruption";
import {
  annotateModes,
  defaultDetectionSettings as defaults,
  type DetectionSettings,
} from "./contract/settings";
import { detect, progressLine, type Progress } from "./detect";
import { messageOf } from "./failure";
import { selfTest } from "./selfTest";
import { runTask } from "./task";

const interruption = watchInterruption(
  () => undefined,
  (code) => process.exit(code),
);

interface DetectFlags {
  readonly model: string;
  readonly out: string;
  readonly conf: number;
  readonly iou: number;
  readonly maxDet: number;
  readonly annotate: DetectionSettings["annotate"];
  readonly acceptTruncated: boolean;
  readonly threads?: number;
  readonly json: boolean;
}

const path = typedPath(process.env);

function commands(): Command {
  const program = new Command("worker")
    .description("Object detection with a YOLOv8-family ONNX model")
    .exitOverride();
  const model = () =>
    new Option("--model <file.onnx>", "a YOLOv8-family detection model")
      .argParser(path)
      .makeOptionMandatory();

  program
    .command("detect")
    .description("pictures in, detections and annotated pictures out")
    .addOption(model())
    .requiredOption("--out <folder>", "where results go", path)
    .option("--conf <share>", "a detection's class score must be above this", share, defaults.confidence)
    .option("--iou <share>", "NMS suppresses boxes that overlap a better one by more", share, defaults.iou)
    .option(
      "--max-det <n>",
      "at most this many detections an image",
      wholeNumber(1, 30_000),
      defaults.maxDetections,
    )
    .addOption(
      new Option("--annotate <which>", "which images get an annotated JPEG")
        .choices(annotateModes)
        .default(defaults.annotate),
    )
    .option("--accept-truncated", "decode truncated pictures as far as they go", defaults.acceptTruncated)
    .option("--threads <n>", "inference threads (default: one for each core)", wholeNumber(1, 256))
    .option("--json", "print the summary as JSON", false)
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
      const summary = await runTask(options, interruption.signal, (line) => console.log(line));
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
      console.log(JSON.stringify(await selfTest(options.model)));
    });
  return program;
}

async function runDetect(images: readonly string[], flags: DetectFlags): Promise<number> {
  const { model, out, threads, annotate, acceptTruncated } = flags;
  const settings = {
    confidence: flags.conf,
    iou: flags.iou,
    maxDetections: flags.maxDet,
    classes: [],
    agnostic: false,
    annotate,
    acceptTruncated,
  };
  const live = process.stderr.isTTY;
  const summary = await detect({ model, out, images, settings, threads }, interruption.signal, (progress) =>
    process.stderr.write(live ? `\r\x1b[K${liveLine(progress)}` : `${progressLine(progress)}\n`),
  );
  if (live) process.stderr.write("\r\x1b[K");
  if (summary === undefined) {
    console.error(`Interrupted; what was done is in ${out}/results.ndjson.partial.`);
    return interruption.exitCode ?? exitCode.interrupted;
  }
  if (flags.json) console.log(JSON.stringify(summary));
  else {
    const failed = summary.failed === 0 ? "" : `, ${summary.failed} failed (their lines say why)`;
    const rate = `${summary.imagesPerSecond.toFixed(1)} images/s`;
    console.log(
      `${summary.done} images done${failed}, ${summary.detections} detections, ${rate}. Results: ${out}/results.ndjson`,
    );
  }
  return summary.failed > 0 ? exitCode.someFailed : exitCode.ok;
}

function liveLine({ done, total, imagesPerSecond }: Progress): string {
  const secondsLeft = Math.ceil((total - done) / imagesPerSecond);
  return `${done}/${total} images, ${imagesPerSecond.toFixed(1)} images/s, ${secondsLeft} s left`;
}

function share(value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError("expected a number from 0 to 1.");
}

commands()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
      return;
    }
    console.error(messageOf(error));
    process.exitCode = exitCode.actionNeeded;
  });
