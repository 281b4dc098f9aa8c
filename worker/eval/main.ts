/** `npm run eval -- --model M --images DIR --labels DIR`: how good a model is on labelled pictures. */
import { Command } from "commander";
import { typedPath } from "../contract/commandLine";
import { exitCode } from "../contract/exitCode";
import { watchInterruption } from "../contract/interruption";
import { runCommand } from "../contract/runCommand";
import { PictureCounter } from "../pictureCounter";
import { unlessInterrupted } from "../unlessInterrupted";
import { evaluate } from "./evaluate";
import { evaluationJson, evaluationTable } from "./table";

interface Flags {
  readonly model: string;
  readonly images: string;
  readonly labels: string;
  readonly json: boolean;
}

const interruption = watchInterruption(
  () => undefined,
  (code) => process.exit(code),
);

async function run({ json, ...options }: Flags): Promise<number> {
  const counter = new PictureCounter(process.stderr);
  const evaluating = evaluate(options, interruption.signal, (done, total) =>
    counter.show(done, total),
  ).finally(() => counter.end());
  const evaluation = await unlessInterrupted(evaluating, interruption.signal);
  if (evaluation === undefined) {
    console.error("Interrupted; there are no figures.");
    return interruption.exitCode ?? exitCode.interrupted;
  }
  console.log(json ? evaluationJson(evaluation, options.model) : evaluationTable(evaluation));
  return evaluation.failed.length > 0 ? exitCode.someFailed : exitCode.ok;
}

const path = typedPath(process.env);
const command = new Command("npm run eval --")
  .description("Average precision of a model on labelled pictures, by COCO's rule.")
  .requiredOption("--model <file.onnx>", "a detection model", path)
  .requiredOption("--images <folder>", "the pictures", path)
  .requiredOption("--labels <folder>", "their labels: YOLO format, a .txt a picture", path)
  .option("--json", "print the figures as JSON", false)
  .exitOverride()
  .action(async (flags: Flags) => {
    process.exitCode = await run(flags);
  });

void runCommand(command);
