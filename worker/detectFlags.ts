/** The flags of `detect`: what may be asked for on the command line, and the options it means. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { wholeNumber } from "./contract/commandLine";
import { wantedFormats, withFormatFlags, type FormatFlags } from "./contract/formats/flags";
import {
  annotateModes,
  annotateOf,
  defaultDetectionSettings as defaults,
  type DetectionSettings,
} from "./contract/settings";
import type { DetectOptions } from "./detect";

export interface DetectFlags extends FormatFlags {
  readonly model: string;
  readonly names?: string;
  readonly conf: number;
  readonly iou: number;
  readonly maxDet: number;
  readonly classes: readonly string[];
  readonly agnostic: boolean;
  readonly annotate: DetectionSettings["annotate"];
  readonly acceptTruncated: boolean;
  readonly threads?: number;
  readonly json: boolean;
}

export function withDetectFlags(command: Command, path: (text: string) => string): Command {
  command
    .option("--names <file>", "class names instead of the model's own: one a line, or YAML with names", path)
    .requiredOption("--out <folder>", "where results go; annotated pictures in it are not read again", path)
    .option("--conf <share>", "a detection's class score must be above this", share, defaults.confidence)
    .option("--iou <share>", "NMS suppresses boxes that overlap a better one by more", share, defaults.iou)
    .option(
      "--max-det <n>",
      "at most this many detections an image",
      wholeNumber(1, 30_000),
      defaults.maxDetections,
    )
    .addOption(
      new Option(
        "--classes <names>",
        "only these classes: names or numbers, with commas or the flag repeated",
      )
        .argParser(classesAndMore)
        .default(defaults.classes, "all"),
    )
    .option("--agnostic", "NMS lets a box suppress boxes of other classes too", defaults.agnostic)
    .option(
      "--annotate <which>",
      `which images get an annotated JPEG: ${annotateModes.join(", ")} or a share such as 0.1`,
      annotateFlag,
      defaults.annotate,
    )
    .option("--accept-truncated", "decode truncated pictures as far as they go", defaults.acceptTruncated)
    .option("--threads <n>", "inference threads (default: one for each core)", wholeNumber(1, 256))
    .option("--json", "print the summary as JSON", false);
  return withFormatFlags(command, path);
}

export function detectOptionsOf(images: readonly string[], flags: DetectFlags): DetectOptions {
  const { model, names, out, threads, annotate, acceptTruncated, agnostic, classes } = flags;
  return {
    model,
    namesFile: names,
    out,
    images,
    threads,
    formats: wantedFormats(flags),
    settings: {
      confidence: flags.conf,
      iou: flags.iou,
      maxDetections: flags.maxDet,
      classes: [...classes],
      agnostic,
      annotate,
      acceptTruncated,
    },
  };
}

/** A class whose name holds a comma can be given by its number. */
function classesAndMore(value: string, before: readonly string[]): string[] {
  const named = value.split(",").map((text) => text.trim());
  if (named.includes(""))
    throw new InvalidArgumentError("expected names or numbers with commas between them.");
  return [...before, ...named];
}

function annotateFlag(value: string): DetectionSettings["annotate"] {
  const annotate = annotateOf(value);
  if (annotate !== undefined) return annotate;
  throw new InvalidArgumentError(`expected ${annotateModes.join(", ")} or a share between 0 and 1.`);
}

function share(value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError("expected a number from 0 to 1.");
}
