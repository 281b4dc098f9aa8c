/** `npm run eval -- --model M --images DIR --labels DIR`: how good a model is on labelled pictures. */
import { Command, CommanderError } from "commander";
import { typedPath } from "../contract/commandLine";
import { exitCode } from "../contract/exitCode";
import { watchInterruption } from "../contract/interruption";
import { messageOf } from "../failure";
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
  const live = process.stderr.isTTY;
  const evaluation = await evaluate(options, interruption.signal, (done, total) => {
    if (live) process.stderr.write(`\r\x1b[K${done}/${total} pictures`);
  });
  if (live) process.stderr.write("\r\x1b[K");
  if (evaluation === undefined) {
    console.error("Interrupted; there are no figures.");
    return interruption.exitCode ?? exitCode.interrupted;
  }
  console.log(json ? evaluationJson(evaluation, options.model) : evaluationTable(evaluation));
  return evaluation.failed.length > 0 ? exitCode.someFailed : exitCode.ok;
}

async function main(): Promise<number> {
  const path = typedPath(process.env);
  let code: number = exitCode.ok;
  const command = new Command("npm run eval --")
    .description("Average precision of a model on labelled pictures, by COCO's rule.")
    .requiredOption("--model <file.onnx>", "a detection model", path)
    .requiredOption("--images <folder>", "the pictures", path)
    .requiredOption("--labels <folder>", "their labels: YOLO format, a .txt a picture", path)
    .option("--json", "print the figures as JSON", false)
    .exitOverride()
    .action(async (flags: Flags) => {
      code = await run(flags);
    });
  try {
    await command.parseAsync();
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    console.error(messageOf(error));
    return exitCode.actionNeeded;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
