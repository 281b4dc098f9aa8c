/** `job list`: all runs. */
import { exitCode } from "../../../worker/contract/exitCode";
import { connect } from "../clients";
import { listedRuns, runTable } from "../list";
import { targetOf } from "../targetOption";
import { action, note, print, project, targetCommand, type AddCommand, type StackOption } from "./command";

export const addList: AddCommand = (program, environment) => {
  targetCommand(program, environment, "list", "list the runs, the newest first").action(
    action(async (options: StackOption) => {
      const { output, batch } = connect(await targetOf(options, project), note);
      const runs = await listedRuns(output, batch);
      print(options, { runs }, runTable(runs));
      return exitCode.ok;
    }),
  );
};
