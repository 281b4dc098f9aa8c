/** `job cancel`: ends a run, or all. */
import { exitCode } from "../../../worker/contract/exitCode";
import { UsageError } from "../../../worker/contract/runCommand";
import { cancel, cancelAll, cancelledSentence, goneAfterMs, goneSentence, type Which } from "../cancel";
import { connect } from "../clients";
import { targetOf } from "../targetOption";
import { action, note, print, project, runCommand, type AddCommand, type RunOption } from "./command";

export const addCancel: AddCommand = (program, environment) => {
  runCommand(program, environment, "cancel", "cancel a run; what it has done so far stays")
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
};
