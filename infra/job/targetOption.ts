/** The options by which every command of a deployed stack says which one. */
import type { Command } from "commander";
import { UsageError } from "../../worker/contract/runCommand";
import { parseTarget, readTarget } from "./readTarget";
import { stackOutputs } from "./stackOutputs";
import type { JobTarget } from "./target";

export interface TargetOption {
  readonly stack?: string;
  /** A file, or the JSON itself. */
  readonly target?: string;
}

/** `path`: a path as the person typed it → an absolute one. */
export function withTarget(command: Command, path: (text: string) => string): Command {
  const fileOrJson = (text: string): string => (text.trimStart().startsWith("{") ? text : path(text));
  return command
    .option("--stack <name>", "the stack, whose outputs Pulumi is asked for")
    .option("--target <file>", "the outputs instead: a file, or the JSON itself", fileOrJson);
}

/** The target by whichever of the two options was given. `project`: the folder of the Pulumi program. */
export async function targetOf({ stack, target }: TargetOption, project: string): Promise<JobTarget> {
  if (stack !== undefined && target === undefined)
    return parseTarget(await stackOutputs(stack, project), `the outputs of stack ${stack}`);
  if (stack === undefined && target !== undefined) return readTarget(target);
  throw new UsageError("Give either --stack or --target.");
}
