/** `npm run parity -- --model M --images DIR --golden FILE`: is what the worker finds what the reference found? */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { typedPath } from "../contract/commandLine";
import { exitCode } from "../contract/exitCode";
import { watchInterruption } from "../contract/interruption";
import { runCommand } from "../contract/runCommand";
import { fileReasonOf } from "../failure";
import { PictureCounter } from "../pictureCounter";
import { unlessInterrupted } from "../unlessInterrupted";
import { parityOf } from "./parity";
import { parityTable } from "./table";

const project = resolve(__dirname, "../..");
const layerCache = join(project, ".cache/layers");

interface Flags {
  readonly model: string;
  readonly images: string;
  readonly golden: string;
  readonly certificate: string;
  readonly json: boolean;
}

const interruption = watchInterruption(
  () => undefined,
  (code) => process.exit(code),
);

async function run({ certificate: file, json, ...inputs }: Flags): Promise<number> {
  const counter = new PictureCounter(process.stderr);
  const comparing = parityOf({ ...inputs, project, layerCache }, interruption.signal, (done, total) =>
    counter.show(done, total),
  ).finally(() => counter.end());
  const report = await unlessInterrupted(comparing, interruption.signal);
  if (report === undefined) {
    console.error("Interrupted; nothing was certified.");
    return interruption.exitCode ?? exitCode.interrupted;
  }
  const { certificate } = report;
  const text = JSON.stringify(certificate, undefined, 2);
  await writeFile(file, `${text}\n`).catch((cause: unknown) => {
    throw new Error(`The certificate ${file} cannot be written: ${fileReasonOf(cause)}.`, { cause });
  });
  console.log(json ? text : `${parityTable(report)}\nCertificate: ${file}`);
  return certificate.verdict === "out of tolerance" ? exitCode.actionNeeded : exitCode.ok;
}

const path = typedPath(process.env);
const command = new Command("npm run parity --")
  .description("Compare what the worker finds with what a reference found, and certify it.")
  .requiredOption("--model <file.onnx>", "the model that the reference ran", path)
  .requiredOption("--images <folder>", "the pictures that the reference saw", path)
  .requiredOption("--golden <file.json>", "what the reference found, with default settings", path)
  .option("--certificate <file>", "where the certificate goes", path, path("parity.json"))
  .option("--json", "print the certificate instead of the table", false)
  .exitOverride()
  .action(async (flags: Flags) => {
    process.exitCode = await run(flags);
  });

void runCommand(command);
