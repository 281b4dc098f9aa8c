/** `job retry`: a run over what failed or was not run. */
import picomatch from "picomatch";
import { action, targetCommand, type AddCommand, type StackOption } from "./command";
import { submitSelected } from "./submit";

interface RetryOptions extends StackOption {
  readonly code?: string[];
  readonly name?: string[];
}

export const addRetry: AddCommand = (program, environment) => {
  targetCommand(program, environment, "retry", "submit a run over the images that failed or were not run")
    .option("--code <codes...>", "only those that failed with one of these codes, as a report names them")
    .option("--name <patterns...>", "only those whose names match one of these patterns, such as 'cam-1/**'")
    .action(
      action((options: RetryOptions) => {
        const isWantedName = options.name === undefined ? () => true : picomatch(options.name, { dot: true });
        return submitSelected(options, { kind: "retry", codes: options.code ?? [], isWantedName });
      }),
    );
};
