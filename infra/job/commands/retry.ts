/** `job retry`: a run over what failed or was not run. */
import picomatch from "picomatch";
import { exitCode } from "../../../worker/contract/exitCode";
import { connect } from "../clients";
import { submissionSentence } from "../submission";
import { submit } from "../submit";
import { targetOf } from "../targetOption";
import { action, note, print, project, targetCommand, type AddCommand, type StackOption } from "./command";

interface RetryOptions extends StackOption {
  readonly code?: string[];
  readonly name?: string[];
}

export const addRetry: AddCommand = (program, environment) => {
  targetCommand(program, environment, "retry", "submit a run over the images that failed or were not run")
    .option("--code <codes...>", "only those that failed with one of these codes, as a report names them")
    .option("--name <patterns...>", "only those whose names match one of these patterns, such as 'cam-1/**'")
    .action(
      action(async (options: RetryOptions) => {
        const target = await targetOf(options, project);
        const isWantedName = options.name === undefined ? () => true : picomatch(options.name, { dot: true });
        const selection = { kind: "retry", codes: options.code ?? [], isWantedName } as const;
        const result = await submit(target, connect(target, note), selection, note);
        print(options, result, submissionSentence(result));
        return exitCode.ok;
      }),
    );
};
