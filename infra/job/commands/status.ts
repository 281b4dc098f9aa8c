/** `job status`: how a run is doing, once or until it ends. */
import { exitCode } from "../../../worker/contract/exitCode";
import type { Batch } from "../batch";
import { connect, type Clients } from "../clients";
import { accountFor } from "../collect";
import { plainLines, redrawnLine } from "../liveLine";
import { openRun } from "../openRun";
import { ended, follow, hasEnded, progressLine, snapshot, type Snapshot } from "../progress";
import { rateOf, rateSoFar, type Rate } from "../rate";
import type { Run } from "../run";
import { outcomeLines, statusJson } from "../status";
import { targetOf } from "../targetOption";
import { exitCodeOf } from "../verdict";
import { explained, idleText, IdleWatch, whyIdle, type ExplainedIdle } from "../whyIdle";
import { firstOf } from "../words";
import { action, note, project, runCommand, say, type AddCommand, type RunOption } from "./command";

/** More are counted only: a bad model fails in every task. */
const sentencesShown = 10;

export const addStatus: AddCommand = (program, environment) => {
  runCommand(program, environment, "status", "say how a run is doing")
    .option("--wait", "follow it until it ends")
    .action(
      action(async (options: RunOption & { readonly wait?: true }) => {
        const clients = connect(await targetOf(options, project), note);
        const run = await openRun(clients, options.job);
        const { last, rate } =
          options.wait === true
            ? await followed(run, clients, options, environment)
            : await looked(run, clients, options);
        const collected = hasEnded(last.job)
          ? await accountFor(run, clients.output, clients.batch, () => undefined)
          : null;
        for (const sentences of [collected?.problems ?? [], collected?.lostLogs ?? []])
          firstOf(sentences, sentencesShown).forEach(note);
        const idle = await idleOf(last, clients.batch);
        if (options.json) say(JSON.stringify(statusJson(run, last, rate, idle, collected)));
        else if (idle !== null) say(idleText(idle));
        else if (collected !== null) outcomeLines(collected).forEach(say);
        return collected === null ? exitCode.ok : exitCodeOf(collected.outcome.verdict);
      }),
    );
};

interface Looked {
  readonly last: Snapshot;
  /** Null: it has ended, or nothing has yet. */
  readonly rate: Rate | null;
}

async function idleOf(last: Snapshot, batch: Batch): Promise<ExplainedIdle | null> {
  const idle = whyIdle(last);
  return idle === null ? null : explained(idle, last.job.poolId, batch);
}

async function looked(run: Run, { batch }: Clients, options: RunOption): Promise<Looked> {
  const last = await snapshot(run, batch);
  // Of a run that has ended the outcome says it better.
  const goes = !hasEnded(last.job) && ended(last) > 0;
  const rate = goes ? rateSoFar(run, last, await batch.listTasks(run.job)) : null;
  if (!options.json) say(`Job ${run.job} (${last.job.state}): ${progressLine(run, rate, last)}`);
  return { last, rate };
}

/** Progress goes to stdout; with --json, where stdout is for the object, to stderr. */
async function followed(
  run: Run,
  { batch }: Clients,
  options: RunOption,
  environment: NodeJS.ProcessEnv,
): Promise<Looked> {
  const stream = options.json ? process.stderr : process.stdout;
  const redraws = stream.isTTY && !environment.CI;
  const line = redraws ? redrawnLine(stream) : plainLines(stream);
  line.say(`Following job ${run.job}: ${run.images} images in ${run.tasks.length} tasks.`);
  let firstBusy: Snapshot | null = null;
  let last: Snapshot | null = null;
  const watch = new IdleWatch();
  try {
    for await (last of follow(run, batch, (sentence) => line.say(sentence))) {
      if (firstBusy === null && last.tasks.running + ended(last) > 0) firstBusy = last;
      const rate = hasEnded(last.job) ? null : rateOf(run, firstBusy, last);
      line.show(progressLine(run, rate, last), last.atMs);
      const idle = watch.look(last);
      if (idle !== null) line.say(idleText(await explained(idle, last.job.poolId, batch)));
    }
  } finally {
    line.end();
  }
  return { last: last!, rate: null };
}
