/** Entry point of `npm run doctor`: what would stop a first deploy. The only file of this folder that prints. */
import { resolve } from "node:path";
import { Command } from "commander";
import { coloursFor } from "../../worker/contract/colours";
import { watchInterruption } from "../../worker/contract/interruption";
import { runCommand } from "../../worker/contract/runCommand";
import { runChecks } from "../job/runChecks";
import { verdicts } from "./check";
import { checks } from "./checks";
import { closingSentence, exitCodeOf, jsonOf, textOf } from "./report";
import { openSurroundings } from "./surroundings";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", () => undefined);

const interruption = watchInterruption(
  () => note("stopping …"),
  (code) => process.exit(code),
);

async function doctor({ stack, json }: { readonly stack: string; readonly json?: true }): Promise<number> {
  const surroundings = openSurroundings(
    {
      project: resolve(__dirname, "../.."),
      stack,
      nodeVersion: process.version,
      environment: process.env,
      today: new Date(),
    },
    interruption.signal,
  );
  const colours = coloursFor(process.stdout, process.env);
  if (!json)
    say(
      `What a deploy of stack ${stack} through ${surroundings.endpoint} needs, in the order in which it would meet it.`,
    );
  const lines = await runChecks(checks, surroundings, verdicts, {
    interrupted: interruption.signal,
    show: (line) => {
      if (!json) say(textOf(line, colours));
    },
  });
  if (interruption.exitCode !== undefined) return interruption.exitCode;
  say(json ? JSON.stringify(jsonOf(lines)) : closingSentence(lines, `npm run doctor -- --stack ${stack}`));
  return exitCodeOf(lines);
}

void runCommand(
  new Command("doctor")
    .description("Look for what would stop a deploy of a stack, before it is tried. Changes nothing.")
    .option("--stack <name>", "the stack, whose Pulumi.<name>.yaml is read", "dev")
    .option("--json", "print one JSON object on stdout")
    .exitOverride()
    .action(async (options: { readonly stack: string; readonly json?: true }) => {
      process.exitCode = await doctor(options);
    }),
);
