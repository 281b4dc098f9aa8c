/** The flags that ask for results in other formats, alike in every command that writes results. */
import { Option, type Command } from "commander";
import type { WantedFormats } from "./formatFiles";

export interface FormatFlags {
  readonly out: string;
  readonly saveTxt?: true;
  readonly saveConf?: true;
  readonly coco?: string;
  readonly csv?: string;
}

export function withFormatFlags(command: Command, path: (text: string) => string): Command {
  return command
    .option("--save-txt", "write YOLO labels, labels/<image>.txt, to the --out folder")
    .addOption(
      new Option("--save-conf", "YOLO labels with the confidence as sixth column").implies({ saveTxt: true }),
    )
    .option("--coco <file>", "write all detections in COCO's results format (JSON)", path)
    .option("--csv <file>", "write all detections as CSV, a row for each box", path);
}

export function wantedFormats({ out, saveTxt, saveConf, coco, csv }: FormatFlags): WantedFormats {
  return {
    ...(saveTxt === true ? { yolo: { folder: out, withConfidence: saveConf === true } } : {}),
    ...(coco === undefined ? {} : { coco }),
    ...(csv === undefined ? {} : { csv }),
  };
}
