/** Entry point of `npm run smoke`: what a deployed stack bears out of the program's assumptions. The only file of this folder that prints. */
import { resolve } from "node:path";
import { Command } from "commander";
import { coloursFor } from "../../../worker/contract/colours";
import { typedPath } from "../../../worker/contract/commandLine";
import { exitCode } from "../../../worker/contract/exitCode";
import { watchInterruption } from "../../../worker/contract/interruption";
import { runCommand } from "../../../worker/contract/runCommand";
import { runChecks } from "../runChecks";
import { targetOf, withTarget, type TargetOption } from "../targetOption";
import { checks } from "./checks";
import { openSmokeCloud } from "./cloud";
import { closingSentence, jsonOf, textOf } from "./report";
import { verdicts } from "./verdicts";

const project = resolve(__dirname, "../../..");
const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

// A reader that has seen enough (`| head`) does not keep the blob of a check from being removed.
process.stdout.on("error", () => undefined);

interface Options extends TargetOption {
  readonly json?: true;
}

/** The first Ctrl-C lets the blob of a check be removed; a second one does not wait for that. */
const interruption = watchInterruption(
  () => note("stopping …"),
  (code) => process.exit(code),
);

async function smoke(options: Options): Promise<number> {
  const target = await targetOf(options, project);
  const cloud = openSmokeCloud(target, interruption.signal, note);
  if (!options.json)
    say(`Checking pool ${target.poolId} at ${target.batchEndpoint} and ${target.blobEndpoint}.`);
  const lines = await runChecks(checks, cloud, verdicts, {
    interrupted: interruption.signal,
    show: (line) => {
      if (!options.json) say(textOf(line, coloursFor(process.stdout, process.env)));
    },
  });
  if (interruption.exitCode !== undefined) return interruption.exitCode;
  say(options.json ? JSON.stringify(jsonOf(lines)) : closingSentence(lines));
  return lines.some(({ finding }) => finding.kind === "wrong") ? exitCode.actionNeeded : exitCode.ok;
}

void runCommand(
  withTarget(new Command("smoke"), typedPath(process.env))
    .description(
      "Check what a deployed stack bears out of this program's assumptions (docs/first-azure-run.md).",
    )
    .option("--json", "print one JSON object on stdout")
    .exitOverride()
    .action(async (options: Options) => {
      process.exitCode = await smoke(options);
    }),
);
