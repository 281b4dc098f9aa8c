/** `job report`: a run as a table, as data and as a page. */
import { join, relative } from "node:path";
import { coloursFor } from "../../../worker/contract/colours";
import { typedPath } from "../../../worker/contract/commandLine";
import { connect, type Clients } from "../clients";
import { collect } from "../collect";
import { machineOf } from "../machine";
import { isPersonThere, openPage } from "../openPage";
import { openRun } from "../openRun";
import { findPreviousRun } from "../previousRun";
import { costOf, ownPrices } from "../report/cost";
import { linesOf } from "../report/difference";
import { comparisonOf, type Report } from "../report/report";
import { reportTable } from "../report/table";
import { indexBlob, writeReport, type Folder } from "../report/write";
import type { Run } from "../run";
import { targetOf } from "../targetOption";
import { exitCodeOf } from "../verdict";
import { action, note, project, runCommand, say, type AddCommand, type RunOption } from "./command";

interface ReportOptions extends RunOption {
  readonly out?: string;
  readonly open?: boolean;
}

/** Of the reports that are opened without `--out`; laid out as the container. */
const reports = join(project, "out", "reports");

export const addReport: AddCommand = (program, environment) => {
  const path = typedPath(environment);
  runCommand(
    program,
    environment,
    "report",
    "report on a run: a table here; report.html, run.json and the page over all runs in the output container",
  )
    .option(
      "--out <dir>",
      "folder to write run.json and report.html to as well, beside what `results` wrote",
      path,
    )
    .option("--open", "open report.html in a browser; on a terminal it is anyway")
    .option("--no-open", "do not")
    .action(
      action(async (options: ReportOptions) => {
        const target = await targetOf(options, project);
        const clients = connect(target, note);
        const report = await reportOn(await openRun(clients, options.job), clients, target.location);
        const opens =
          options.open ?? (!options.json && isPersonThere(process.stdin, process.stdout, environment));
        const folder = folderOf(options.out, opens);
        const { run, page } = await writeReport(report, clients.output, clients.batch, folder);
        if (options.json) say(JSON.stringify(run));
        else process.stdout.write(reportTable(report, coloursFor(process.stdout, environment)));
        const opened = opens && page !== null && (await openPage(page, environment));
        const isKnown = options.out !== undefined && !opens;
        if (options.json !== true && !isKnown) say(placeOf(run, page, opened, clients));
        if (opens && !opened) note("No browser could be opened here.");
        return exitCodeOf(report.collected.outcome.verdict);
      }),
    );
};

async function reportOn(run: Run, { output, batch }: Clients, location: string | undefined): Promise<Report> {
  const found = await collect(run, output, batch);
  const machine = await machineOf(run, batch, location);
  const collected = {
    ...found,
    outcome: { ...found.outcome, ...(machine === undefined ? {} : { machine }) },
  };
  const names = new Set(linesOf(collected.images).keys());
  return {
    collected,
    cost: costOf(collected.outcome, ownPrices()),
    comparison: comparisonOf(collected, await findPreviousRun(run, names, output)),
  };
}

function folderOf(out: string | undefined, opens: boolean): Folder | null {
  if (out !== undefined) return { kind: "results", path: out };
  return opens ? { kind: "container", path: reports } : null;
}

/** Where the page is that was opened, or is to be. */
function placeOf(run: Run, page: string | null, opened: boolean, { output }: Clients): string {
  if (page === null)
    return `Report: runs/${run.job}/report.html in ${output.url}, over all runs ${indexBlob}; on a terminal this command opens it.`;
  const inside = relative(process.cwd(), page);
  return `${opened ? "Opened" : "Report:"} ${inside.startsWith("..") ? page : inside}`;
}
