/** `job report`: a run as a table, as data and as a page. */
import { coloursFor } from "../../../worker/contract/colours";
import { typedPath } from "../../../worker/contract/commandLine";
import { connect } from "../clients";
import { collect } from "../collect";
import { openRun } from "../openRun";
import { writeReport } from "../report/report";
import { reportTable } from "../report/table";
import { targetOf } from "../targetOption";
import { exitCodeOf } from "../verdict";
import { action, note, project, runCommand, say, type AddCommand, type RunOption } from "./command";

export const addReport: AddCommand = (program, environment) => {
  const path = typedPath(environment);
  runCommand(
    program,
    environment,
    "report",
    "report on a run: a table here, run.json and report.html in the output container",
  )
    .option("--out <dir>", "folder to write run.json and report.html to as well", path)
    .action(
      action(async (options: RunOption & { readonly out?: string }) => {
        const clients = connect(await targetOf(options, project), note);
        const run = await openRun(clients, options.job);
        const collected = await collect(run, clients.output, clients.batch);
        const reported = await writeReport(collected, clients.output, options.out ?? null);
        if (options.json) say(JSON.stringify(reported));
        else process.stdout.write(reportTable(collected, coloursFor(process.stdout, environment)));
        return exitCodeOf(collected.outcome.verdict);
      }),
    );
};
