/** `job clean`: old runs and orphaned layers go, after a look and a question. */
import { createInterface } from "node:readline/promises";
import { wholeNumber } from "../../../worker/contract/commandLine";
import { exitCode } from "../../../worker/contract/exitCode";
import { UsageError } from "../../../worker/contract/runCommand";
import { findRubbish, remove, type Old } from "../clean";
import { blobCount, rubbishTable } from "../cleanText";
import { connect, connectContainer } from "../clients";
import { longStep } from "../longStep";
import { targetOf } from "../targetOption";
import { action, note, project, say, targetCommand, type AddCommand, type StackOption } from "./command";

interface CleanOptions extends StackOption {
  readonly days?: number;
  readonly keep?: number;
  readonly yes?: true;
}

const defaultDays = 30;
const mostGiven = 999_999;

export const addClean: AddCommand = (program, environment) => {
  targetCommand(
    program,
    environment,
    "clean",
    "delete old runs and layers that nothing needs; annotated pictures stay",
  )
    .option("--days <n>", `runs older than so many days (default: ${defaultDays})`, wholeNumber(0, mostGiven))
    .option("--keep <n>", "instead: all runs but the newest so many", wholeNumber(0, mostGiven))
    .option("--yes", "do not ask")
    .action(
      action(async (options: CleanOptions) => {
        const old = oldOf(options);
        const target = await targetOf(options, project);
        const clients = connect(target, note);
        const layers = connectContainer(target.blobEndpoint, target.containers.layers);
        const found = await findRubbish(target, clients, layers, old, note);
        const isNothing = blobCount(found) === 0;
        const show = options.json ? note : say;
        show(rubbishTable(found));
        const runs = found.runs.map(({ blobs, ...run }) => ({ ...run, blobs: blobs.length }));
        if (!isNothing && options.yes !== true && !(await isAgreed())) {
          if (options.json) say(JSON.stringify({ ...found, runs, deleted: 0 }));
          else say("Nothing was deleted.");
          return exitCode.ok;
        }
        const total = blobCount(found);
        const tell = longStep(note);
        await remove(found, clients, layers, (deleted) =>
          tell(() => `Deleted ${deleted} of ${total} blobs so far …`),
        );
        if (options.json) say(JSON.stringify({ ...found, runs, deleted: total }));
        else say(isNothing ? "Nothing to clean." : `Deleted ${total} blobs.`);
        return exitCode.ok;
      }),
    );
};

function oldOf({ days, keep }: CleanOptions): Old {
  if (days !== undefined && keep !== undefined) throw new UsageError("clean takes either --days or --keep.");
  return keep === undefined ? { kind: "days", days: days ?? defaultDays } : { kind: "keep", newest: keep };
}

/** Only a person at a terminal can be asked. */
async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError("Nothing was deleted: without a terminal to ask at, say --yes.");
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  // While it asks, the terminal's Ctrl-C comes to it alone.
  asked.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  // Ctrl-D is no yes.
  const answer = await Promise.race([
    asked.question("Delete them? [y/N] "),
    new Promise<string>((resolve) => asked.once("close", () => resolve(""))),
  ]);
  asked.close();
  return /^y(es)?$/i.test(answer.trim());
}
