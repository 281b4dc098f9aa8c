/** The operator's commands. The only file of the job step that prints; each command is one call of the others. */
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import picomatch from "picomatch";
import { coloursFor } from "../../worker/contract/colours";
import { typedPath } from "../../worker/contract/commandLine";
import { exitCode } from "../../worker/contract/exitCode";
import { wantedFormats, withFormatFlags, type FormatFlags } from "../../worker/contract/formats/flags";
import { watchInterruption } from "../../worker/contract/interruption";
import { runToExit, UsageError } from "../../worker/contract/runCommand";
import { cancel, cancelAll, cancelledSentence, goneAfterMs, goneSentence, type Which } from "./cancel";
import { connect, connectContainer, type Clients } from "./clients";
import { collect } from "./collect";
import { folderDigest, listFolder } from "./inputs";
import { listedRuns, runTable } from "./list";
import { plainLines, redrawnLine } from "./liveLine";
import { taskLogs } from "./logs";
import { openRun } from "./openRun";
import { inputsSentence, lookAhead } from "./outlook";
import { ended, follow, hasEnded, progressLine, snapshot, type Snapshot } from "./progress";
import { writeReport } from "./report/report";
import { reportTable } from "./report/table";
import { writeResults } from "./results";
import type { Run } from "./run";
import { exitCodeOf, outcomeSentence, statusJson } from "./status";
import { submissionSentence } from "./submission";
import { submit } from "./submit";
import { targetOf, withTarget, type TargetOption } from "./targetOption";
import { uploadFile, uploadFolder } from "./upload";

const project = resolve(__dirname, "../..");
const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const path = typedPath(process.env);
const url = (text: string): string => {
  if (URL.canParse(text)) return text;
  throw new InvalidArgumentError("expected a URL.");
};

interface StackOption extends TargetOption {
  readonly json?: true;
}
interface RunOption extends StackOption {
  readonly job?: string;
}

const program = new Command("job")
  .description("Run object detection on a deployed stack, follow it and fetch its results.")
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--json", "print one JSON object on stdout")
    .exitOverride();
}

function targetCommand(name: string, description: string): Command {
  return withTarget(command(name, description), path);
}

function runCommand(name: string, description: string): Command {
  return targetCommand(name, description).option("--job <id>", "the run; the newest one by default");
}

interface UploadOptions {
  readonly blobEndpoint: string;
  readonly container: string;
  readonly file?: string;
  readonly blob?: string;
  readonly folder?: string;
  readonly json?: true;
}

command("upload", "upload a file that is not there yet, or the pictures of a folder that changed")
  .requiredOption("--blob-endpoint <url>", "blob endpoint of the storage account", url)
  .requiredOption("--container <name>", "container")
  .option("--file <path>", "the file to upload, with --blob", path)
  .option("--blob <name>", "the file's name in the container")
  .option("--folder <dir>", "the folder whose pictures to upload", path)
  .action(
    action(async (options: UploadOptions) => {
      const container = connectContainer(options.blobEndpoint, options.container);
      if (options.folder !== undefined && options.file === undefined && options.blob === undefined) {
        const result = await uploadFolder(container, options.folder, { note });
        print(
          options,
          result,
          `${result.uploaded} pictures uploaded, ${result.unchanged} were there already.`,
        );
      } else if (options.file !== undefined && options.blob !== undefined && options.folder === undefined) {
        const result = await uploadFile(container, options.file, options.blob, { note });
        print(options, result, `${result.blob} ${result.uploaded ? "uploaded" : "was there already"}.`);
      } else throw new UsageError("upload takes either --folder, or --file with --blob.");
      return exitCode.ok;
    }),
  );

targetCommand("inputs", "list the images to detect in, and their digest")
  .option("--folder <dir>", "a folder of pictures instead of the input container", path)
  .action(
    action(async (options: StackOption & { folder?: string }) => {
      if (options.folder !== undefined && (options.target ?? options.stack) !== undefined)
        throw new UsageError("inputs takes either a stack (--stack or --target) or --folder.");
      if (options.folder !== undefined) {
        const images = await listFolder(options.folder);
        const result = { digest: folderDigest(images), images: images.length };
        print(options, result, `${result.images} images, digest ${result.digest}`);
      } else {
        const target = await targetOf(options, project);
        const outlook = await lookAhead(target, connect(target, note), note);
        print(options, outlook, inputsSentence(outlook));
      }
      return exitCode.ok;
    }),
  );

targetCommand("submit", "submit a run over the images of the input container").action(
  action(async (options: StackOption) => {
    const target = await targetOf(options, project);
    const result = await submit(target, connect(target, note), { kind: "new" }, note);
    print(options, result, submissionSentence(result));
    return exitCode.ok;
  }),
);

interface RetryOptions extends StackOption {
  readonly code?: string[];
  readonly name?: string[];
}

targetCommand("retry", "submit a run over the images that failed or were not run")
  .option("--code <codes...>", "only those that failed with one of these codes, as a report names them")
  .option("--name <patterns...>", "only those whose names match one of these patterns, such as 'cam-1/**'")
  .action(
    action(async (options: RetryOptions) => {
      const target = await targetOf(options, project);
      const isWantedName = options.name === undefined ? () => true : picomatch(options.name, { dot: true });
      const selection = { kind: "retry", codes: options.code ?? [], isWantedName } as const;
      const result = await submit(target, connect(target, note), selection, note);
      print(options, result, submissionSentence(result));
      return exitCode.ok;
    }),
  );

runCommand("status", "say how a run is doing")
  .option("--wait", "follow it until it ends")
  .action(
    action(async (options: RunOption & { readonly wait?: true }) => {
      const clients = connect(await targetOf(options, project), note);
      const run = await openRun(clients, options.job);
      const last =
        options.wait === true ? await followed(run, clients, options) : await looked(run, clients, options);
      const collected = hasEnded(last.job) ? await collect(run, clients.output, clients.batch) : null;
      for (const sentence of [...(collected?.problems ?? []), ...(collected?.lostLogs ?? [])]) note(sentence);
      const sentence = collected === null ? "" : outcomeSentence(collected);
      if (options.json) say(JSON.stringify(statusJson(run, last, collected)));
      else if (sentence !== "") say(sentence);
      return collected === null ? exitCode.ok : exitCodeOf(collected);
    }),
  );

withFormatFlags(
  runCommand("results", "download a run's detections and annotated pictures").requiredOption(
    "--out <dir>",
    "folder to write to",
    path,
  ),
  path,
).action(
  action(async (options: RunOption & FormatFlags) => {
    const clients = connect(await targetOf(options, project), note);
    const run = await openRun(clients, options.job);
    const collected = await collect(run, clients.output, clients.batch);
    const written = await writeResults(collected, clients.output, options.out, wantedFormats(options));
    for (const sentence of written.missing.slice(0, 20)) note(sentence);
    if (written.missing.length > 20) note(`… and ${written.missing.length - 20} more are missing.`);
    print(
      options,
      { job: run.job, ...written },
      `${written.results} results and ${written.annotated} annotated pictures in ${options.out}.`,
    );
    return exitCodeOf(collected);
  }),
);

runCommand("report", "report on a run: a table here, run.json and report.html in the output container")
  .option("--out <dir>", "folder to write run.json and report.html to as well", path)
  .action(
    action(async (options: RunOption & { readonly out?: string }) => {
      const clients = connect(await targetOf(options, project), note);
      const run = await openRun(clients, options.job);
      const collected = await collect(run, clients.output, clients.batch);
      const reported = await writeReport(collected, clients.output, options.out ?? null);
      if (options.json) say(JSON.stringify(reported));
      else process.stdout.write(reportTable(collected, coloursFor(process.stdout, process.env)));
      return exitCodeOf(collected);
    }),
  );

targetCommand("list", "list the runs, the newest first").action(
  action(async (options: StackOption) => {
    const { output, batch } = connect(await targetOf(options, project), note);
    const runs = await listedRuns(output, batch);
    print(options, { runs }, runTable(runs));
    return exitCode.ok;
  }),
);

runCommand("logs", "print what a task wrote; while it runs, what it has written so far")
  .argument("<task>", "the task: shard-00001")
  .action(
    action(async (task: string, options: RunOption) => {
      const clients = connect(await targetOf(options, project), note);
      const logs = await taskLogs(await openRun(clients, options.job), task, clients);
      if (options.json) say(JSON.stringify(logs));
      else {
        process.stdout.write(logs.stdout);
        process.stderr.write(logs.stderr);
      }
      return exitCode.ok;
    }),
  );

runCommand("cancel", "cancel a run; what it has done so far stays")
  .option("--all", "every run that is alive")
  .action(
    action(async (options: RunOption & { readonly all?: true }) => {
      if (options.all === true && options.job !== undefined)
        throw new UsageError("cancel takes either --job or --all.");
      const target = await targetOf(options, project);
      if (options.all === true) {
        const { cancelled, accountIsGone } = await cancelAll(
          connect(target, note, { unreachableMs: goneAfterMs }).batch,
        );
        const gone = goneSentence(target.batchEndpoint);
        if (accountIsGone && options.json) note(gone);
        print(options, { cancelled }, accountIsGone ? gone : cancelledSentence(cancelled));
      } else {
        const which: Which =
          options.job === undefined ? { kind: "newest" } : { kind: "one", jobId: options.job };
        const cancelled = await cancel(connect(target, note).batch, which);
        print(options, { cancelled }, cancelledSentence(cancelled));
      }
      return exitCode.ok;
    }),
  );

async function looked(run: Run, { batch }: Clients, options: RunOption): Promise<Snapshot> {
  const last = await snapshot(run, batch);
  if (!options.json) say(`Job ${run.job} (${last.job.state}): ${progressLine(run, null, last)}`);
  return last;
}

/** Progress goes to stdout; with --json, where stdout is for the object, to stderr. */
async function followed(run: Run, { batch }: Clients, options: RunOption): Promise<Snapshot> {
  const stream = options.json ? process.stderr : process.stdout;
  const redraws = stream.isTTY && !process.env.CI;
  const line = redraws ? redrawnLine(stream) : plainLines(stream);
  line.say(`Following job ${run.job}: ${run.images} images in ${run.tasks.length} tasks.`);
  let firstBusy: Snapshot | null = null;
  let last: Snapshot | null = null;
  try {
    for await (last of follow(run, batch, (sentence) => line.say(sentence))) {
      if (firstBusy === null && last.tasks.running + ended(last) > 0) firstBusy = last;
      line.show(progressLine(run, firstBusy, last), last.atMs);
    }
  } finally {
    line.end();
  }
  return last!;
}

function print(options: { readonly json?: true }, value: object, sentence: string): void {
  say(options.json ? JSON.stringify(value) : sentence);
}

/** An action's result is the exit code. */
function action<Given extends unknown[]>(
  act: (...given: Given) => Promise<number>,
): (...given: Given) => Promise<void> {
  return async (...given) => {
    process.exitCode = await act(...given);
  };
}

// Every command may end between two calls: the next one finishes what it began.
const interruption = watchInterruption(
  () => process.exit(interruption.exitCode),
  (code) => process.exit(code),
);

void runToExit(program, () => process.exit());
