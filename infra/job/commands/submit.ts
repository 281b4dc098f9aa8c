/** `job submit`: a run over what is new. */
import { exitCode } from "../../../worker/contract/exitCode";
import { askForNodes } from "../askForNodes";
import { connect } from "../clients";
import type { Selection } from "../plan";
import { submissionSentence } from "../submission";
import { submit } from "../submit";
import { targetOf } from "../targetOption";
import { action, note, print, project, targetCommand, type AddCommand, type StackOption } from "./command";

export const addSubmit: AddCommand = (program, environment) => {
  targetCommand(program, environment, "submit", "submit a run over the images of the input container").action(
    action((options: StackOption) => submitSelected(options, { kind: "new" })),
  );
};

/** What is submitted is said before the wait for nodes: whoever ends that with Ctrl-C knows the job. */
export async function submitSelected(options: StackOption, selection: Selection): Promise<number> {
  const target = await targetOf(options, project);
  const clients = connect(target, note);
  const submission = await submit(target, clients, selection, note);
  print(options, submission, submissionSentence(submission));
  if (submission.kind !== "nothing-to-do" || submission.moved.length > 0)
    await askForNodes(target.poolId, clients.batch, note);
  return exitCode.ok;
}
