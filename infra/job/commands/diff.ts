/** `job diff`: two runs held against each other. */
import { coloursFor } from "../../../worker/contract/colours";
import { exitCode } from "../../../worker/contract/exitCode";
import { connect, type Clients } from "../clients";
import { collect } from "../collect";
import { diffRuns, type Side } from "../diff";
import { diffText } from "../diffText";
import { machineOf } from "../machine";
import { amountText, costOf, ownPrices } from "../report/cost";
import { allRuns, type Run } from "../run";
import { runOf } from "../runOf";
import { targetOf } from "../targetOption";
import { action, note, project, say, targetCommand, type AddCommand, type StackOption } from "./command";

export const addDiff: AddCommand = (program, environment) => {
  targetCommand(
    program,
    environment,
    "diff",
    "compare two runs: digests, settings, inputs, counts, speed and cost, and the detections of each image",
  )
    .argument("<before>", "a run's id, or as much of it as no other has")
    .argument("<after>", "the run to compare it with")
    .action(
      action(async (before: string, after: string, options: StackOption) => {
        const target = await targetOf(options, project);
        const clients = connect(target, note);
        const runs = await allRuns(clients.output);
        // Both are looked up before the results of one are read.
        const [first, second] = [runOf(runs, before), runOf(runs, after)];
        const diff = diffRuns(
          await sideOf(first, clients, target.location),
          await sideOf(second, clients, target.location),
        );
        if (options.json) say(JSON.stringify(diff));
        else process.stdout.write(diffText(diff, coloursFor(process.stdout, environment)));
        return exitCode.ok;
      }),
    );
};

async function sideOf(run: Run, { output, batch }: Clients, location: string | undefined): Promise<Side> {
  const collected = await collect(run, output, batch);
  const machine = await machineOf(run, batch, location);
  const cost = costOf({ ...collected.outcome, machine }, ownPrices());
  return { collected, cost: cost.kind === "known" ? amountText(cost) : null };
}
