/** `job submit`: a run over what is new. */
import { exitCode } from "../../../worker/contract/exitCode";
import { connect } from "../clients";
import { submissionSentence } from "../submission";
import { submit } from "../submit";
import { targetOf } from "../targetOption";
import { action, note, print, project, targetCommand, type AddCommand, type StackOption } from "./command";

export const addSubmit: AddCommand = (program, environment) => {
  targetCommand(program, environment, "submit", "submit a run over the images of the input container").action(
    action(async (options: StackOption) => {
      const target = await targetOf(options, project);
      const result = await submit(target, connect(target, note), { kind: "new" }, note);
      print(options, result, submissionSentence(result));
      return exitCode.ok;
    }),
  );
};
