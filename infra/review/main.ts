/** Entry point of `npm run review`: what a preview's changes do, and what they cost. The only file of this folder that prints. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { coloursFor } from "../../worker/contract/colours";
import { typedPath } from "../../worker/contract/commandLine";
import { exitCode } from "../../worker/contract/exitCode";
import { runCommand, UsageError } from "../../worker/contract/runCommand";
import { parseConsents, type Consent } from "../policy/consent";
import { violationsOf } from "../policy/violations";
import { parsePrices } from "../prices/prices";
import { checkGrades } from "./consents";
import { grades, parseVerdict, type Verdict } from "./grade";
import { failureMarkdown, markdownOf } from "./markdown";
import { parsePreview, type Preview } from "./preview";
import { review, stopsAt, type Review } from "./review";
import { textOf } from "./text";

const project = resolve(__dirname, "../..");
const ownPrices = join(__dirname, "../prices/prices.json");
const ownConsents = join(project, ".review-consent");
const path = typedPath(process.env);
const say = (text: string): void => {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
};
const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", () => undefined);

interface Options {
  readonly failAt?: Verdict;
  readonly prices: string;
  readonly consent?: string;
  readonly markdown?: true;
  readonly json?: true;
}

function grade(text: string): Verdict {
  const found = parseVerdict(text);
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${grades.join(", ")}.`);
  return found;
}

function read(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`Cannot read ${what} ${file} (${(error as { code?: string }).code ?? "error"}).`, {
      cause: error,
    });
  }
}

function readPreview(file: string): Preview {
  return file === "-"
    ? parsePreview(readFileSync(0, "utf8"), "standard input")
    : parsePreview(read(path(file), "the preview"), file);
}

function readConsents(given: string | undefined): readonly Consent[] {
  const file = given ?? ownConsents;
  if (given === undefined && !existsSync(file)) return [];
  const consents = parseConsents(read(file, "the consents"), file);
  checkGrades(consents, file);
  return consents;
}

function main(file: string, options: Options): number {
  if (options.json && options.markdown) throw new UsageError("Give either --json or --markdown.");
  const preview = readPreview(file);
  if (preview.errors.length > 0) return failed(preview, options);
  const reviewed = review(preview, {
    prices: parsePrices(read(options.prices, "the prices"), options.prices),
    consents: readConsents(options.consent),
    violationsOf: (subjects) => violationsOf(subjects, new Date()),
  });
  say(printed(reviewed, options));
  if (options.failAt === undefined) return exitCode.ok;
  const reasons = stopsAt(reviewed, options.failAt);
  for (const reason of reasons)
    note(`${reason}, and no consent lets it through (--fail-at ${options.failAt}).`);
  return reasons.length > 0 ? exitCode.actionNeeded : exitCode.ok;
}

function printed(reviewed: Review, { json, markdown }: Options): string {
  if (json) return JSON.stringify(reviewed);
  return markdown ? markdownOf(reviewed) : textOf(reviewed, coloursFor(process.stdout, process.env));
}

function failed(
  { stack = null, errors }: Omit<Preview, "stack"> & { stack?: string | null },
  options: Options,
): number {
  if (options.json) say(JSON.stringify({ stack, errors }));
  else if (options.markdown) say(failureMarkdown(stack, errors));
  note("The preview failed, so there is nothing to review:");
  for (const error of errors) note(`  ${error}`);
  return exitCode.actionNeeded;
}

void runCommand(
  new Command("review")
    .description("Grade and price the changes that a Pulumi preview shows (README: Review a change).")
    .argument("<preview>", "a file that pulumi preview --json --show-sames wrote; - reads standard input")
    .option("--fail-at <grade>", `end with 1 at a change of this grade or worse: ${grades.join(", ")}`, grade)
    .option(
      "--consent <file>",
      "changes that are let through (default: .review-consent, where there is one)",
      path,
    )
    .option("--prices <file>", "a price table of your own", path, ownPrices)
    .option("--markdown", "print the comment of a pull request")
    .option("--json", "print one JSON object on stdout")
    .exitOverride()
    .action((file: string, options: Options) => {
      process.exitCode = main(file, options);
    }),
);
