/** `job results`: detections and annotated pictures to a folder. */
import { typedPath } from "../../../worker/contract/commandLine";
import { wantedFormats, withFormatFlags, type FormatFlags } from "../../../worker/contract/formats/flags";
import { connect } from "../clients";
import { openRun } from "../openRun";
import { writeResults } from "../results";
import { targetOf } from "../targetOption";
import { exitCodeOf, verdictSentence } from "../verdict";
import { firstOf } from "../words";
import { action, note, print, project, runCommand, type AddCommand, type RunOption } from "./command";

const missingShown = 20;

export const addResults: AddCommand = (program, environment) => {
  const path = typedPath(environment);
  withFormatFlags(
    runCommand(
      program,
      environment,
      "results",
      "download a run's detections and annotated pictures",
    ).requiredOption("--out <dir>", "folder to write to", path),
    path,
  ).action(
    action(async (options: RunOption & FormatFlags) => {
      const clients = connect(await targetOf(options, project), note);
      const run = await openRun(clients, options.job);
      const wanted = wantedFormats(options);
      const { account, written } = await writeResults(run, clients, options.out, wanted, note);
      const { verdict } = account.outcome;
      firstOf(written.missing, missingShown).forEach(note);
      print(
        options,
        { job: run.job, verdict, ...written },
        `${written.results} results and ${written.annotated} annotated pictures in ${options.out}` +
          `${written.unchanged > 0 ? ` (${written.unchanged} were there)` : ""}. ${verdictSentence(verdict)}`,
      );
      return exitCodeOf(verdict);
    }),
  );
};
