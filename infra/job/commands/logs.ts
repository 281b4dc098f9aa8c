/** `job logs`: what a task wrote. */
import { exitCode } from "../../../worker/contract/exitCode";
import { connect } from "../clients";
import { taskLogs } from "../logs";
import { openRun } from "../openRun";
import { targetOf } from "../targetOption";
import { action, note, project, runCommand, say, type AddCommand, type RunOption } from "./command";

export const addLogs: AddCommand = (program, environment) => {
  runCommand(
    program,
    environment,
    "logs",
    "print what a task wrote; while it runs, what it has written so far",
  )
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
};
