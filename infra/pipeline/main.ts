/** Entry point of what the workflows do: `npm run preview`, `comment`, `deploy`, `deployed` and `drift`. The only file of this folder that prints. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { typedPath, wholeNumber } from "../../worker/contract/commandLine";
import { exitCode } from "../../worker/contract/exitCode";
import { watchInterruption } from "../../worker/contract/interruption";
import { runCommand, UsageError } from "../../worker/contract/runCommand";
import { deploy, drift, preview, type Deployed, type Place } from "./commands";
import { pullRequestOf, writeComment } from "./comment";
import { deployedCommit } from "./deployed";
import { changesOf, parseDocument, type Change } from "./document";
import { driftMarkdown, keepDriftIssue, type DriftIssue } from "./driftIssue";
import { changedWords } from "./events";
import { openGitHub } from "./github";
import { addToSummary, quoted } from "./summary";

const project = resolve(__dirname, "../..");
const path = typedPath(process.env);
const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const insisted = new AbortController();
const interruption = watchInterruption(
  () => note("stopping: Pulumi finishes what it has begun …"),
  () => insisted.abort(),
);

function placeOf(stack: string): Place {
  return {
    project,
    stack,
    environment: process.env,
    interruption: { asked: interruption.signal, insisted: insisted.signal },
    note,
  };
}

async function previewCommand({ stack, out }: { stack: string; out: string }): Promise<number> {
  note(`Previewing stack ${stack} …`);
  const json = await preview(placeOf(stack));
  writeFileSync(out, json);
  const document = parseDocument(json);
  const count = document === undefined ? 0 : changesOf(document).length;
  say(`${count === 0 ? "No change" : `${count} changes`}; the preview is in ${out}.`);
  return exitCode.ok;
}

async function commentCommand(file: string, given: { pullRequest?: number }): Promise<number> {
  const pullRequest = given.pullRequest ?? pullRequestOf(process.env.GITHUB_REF);
  if (pullRequest === undefined)
    throw new UsageError("Give --pull-request: GITHUB_REF does not name one (refs/pull/<number>/merge).");
  const markdown = readText(file);
  if (markdown.trim() === "") throw new Error(`${file} is empty: there is nothing to say.`);
  const { kind, url } = await writeComment(openGitHub(process.env), pullRequest, markdown);
  say(`Comment ${kind}: ${url}`);
  return exitCode.ok;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`Cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`, {
      cause: error,
    });
  }
}

async function deployCommand({ stack, json }: { stack: string; json?: true }): Promise<number> {
  note(`Deploying stack ${stack} …`);
  try {
    const deployed = await deploy(placeOf(stack));
    const sentence = deployedSentence(stack, deployed);
    addToSummary(process.env, sentence);
    say(json ? JSON.stringify({ stack, ...deployed }) : sentence);
    return exitCode.ok;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    addToSummary(
      process.env,
      `**The deploy of stack ${stack} failed.** The next \`npm run deploy -- --stack ${stack}\` goes on where it stopped.\n\n${quoted(message)}`,
    );
    throw error;
  }
}

function deployedSentence(stack: string, deployed: Deployed): string {
  return deployed.kind === "nothing new"
    ? `Stack ${stack}: nothing new, ${deployed.resources} resources are as they were.`
    : `Stack ${stack}: ${changedWords(deployed.changes)}.`;
}

async function deployedCommand({ environment }: { environment: string }): Promise<number> {
  const commit = await deployedCommit(openGitHub(process.env), environment);
  const { GITHUB_OUTPUT: outputs } = process.env;
  if (outputs !== undefined) appendFileSync(outputs, `commit=${commit}\n`);
  say(commit);
  return exitCode.ok;
}

async function driftCommand(given: { stack: string; issue?: true; json?: true }): Promise<number> {
  const { stack, issue, json } = given;
  const github = issue ? openGitHub(process.env) : undefined;
  note(`Looking for drift in stack ${stack} …`);
  const changes = await drift(placeOf(stack));
  const kept = github && (await keepDriftIssue(github, stack, changes, process.env));
  const sentence = driftSentence(stack, changes);
  addToSummary(process.env, changes.length === 0 ? sentence : driftMarkdown(stack, changes));
  if (json) say(JSON.stringify({ stack, changes, ...(kept && { issue: kept }) }));
  else for (const line of [sentence, ...issueLines(kept)]) say(line);
  return changes.length === 0 ? exitCode.ok : exitCode.actionNeeded;
}

function driftSentence(stack: string, changes: readonly Change[]): string {
  if (changes.length === 0) return `Stack ${stack} is as it was deployed.`;
  const lines = changes.map(({ op, name, type, properties }) =>
    op === "delete"
      ? `  ${name} (${type}) is gone`
      : `  ${name} (${type}) was changed: ${properties.join(", ")}`,
  );
  return [`Stack ${stack} is not as it was deployed:`, ...lines].join("\n");
}

function issueLines(kept: DriftIssue | undefined): string[] {
  return kept === undefined || kept.kind === "none" ? [] : [`Issue ${kept.kind}: ${kept.url}`];
}

async function ending(work: Promise<number>): Promise<void> {
  process.exitCode = await work;
}

const program = new Command("pipeline").description("What the workflows do, for people too.").exitOverride();
program
  .command("preview")
  .description("what a deploy would change, as a file for `npm run review`")
  .requiredOption("--stack <name>", "the stack")
  .option("--out <file>", "the preview as JSON", path, path("preview.json"))
  .action((options: { stack: string; out: string }) => ending(previewCommand(options)));
program
  .command("comment")
  .description("a review as the pull request's one comment, added or edited")
  .argument("<file>", "Markdown", path)
  .option(
    "--pull-request <number>",
    "default: the one of GITHUB_REF",
    wholeNumber(1, Number.MAX_SAFE_INTEGER),
  )
  .action((file: string, options: { pullRequest?: number }) => ending(commentCommand(file, options)));
program
  .command("deploy")
  .description("`pulumi up`, and what became of it; nothing new is well")
  .requiredOption("--stack <name>", "the stack")
  .option("--json", "print one JSON object on stdout")
  .action((options: { stack: string; json?: true }) => ending(deployCommand(options)));
program
  .command("deployed")
  .description("the commit that runs in an environment; also the output `commit` of a workflow's step")
  .requiredOption("--environment <name>", "GitHub's environment")
  .action((options: { environment: string }) => ending(deployedCommand(options)));
program
  .command("drift")
  .description("what somebody changed behind Pulumi's back; exit code 1 when something was")
  .requiredOption("--stack <name>", "the stack")
  .option("--issue", "keep one issue of the repository true: opened, updated, closed")
  .option("--json", "print one JSON object on stdout")
  .action((options: { stack: string; issue?: true; json?: true }) => ending(driftCommand(options)));

// Whatever the interrupted command made of it, the code says that it was interrupted.
void runCommand(program).finally(() => {
  process.exitCode = interruption.exitCode ?? process.exitCode;
});
