/** `job results`: detections and annotated pictures to a folder. */
import { typedPath } from "../../../worker/contract/commandLine";
import { wantedFormats, withFormatFlags, type FormatFlags } from "../../../worker/contract/formats/flags";
import { connect } from "../clients";
import { collect } from "../collect";
import { openRun } from "../openRun";
import { writeResults } from "../results";
import { targetOf } from "../targetOption";
import { exitCodeOf, verdictSentence } from "../verdict";
import { action, note, print, project, runCommand, type AddCommand, type RunOption } from "./command";

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
      const collected = await collect(run, clients.output, clients.batch);
      const written = await writeResults(collected, clients.output, options.out, wantedFormats(options));
      const { verdict } = collected.outcome;
      for (const sentence of written.missing.slice(0, 20)) note(sentence);
      if (written.missing.length > 20) note(`… and ${written.missing.length - 20} more are missing.`);
      print(
        options,
        { job: run.job, verdict, ...written },
        `${written.results} results and ${written.annotated} annotated pictures in ${options.out}. ${verdictSentence(verdict)}`,
      );
      return exitCodeOf(verdict);
    }),
  );
};
