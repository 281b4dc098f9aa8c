/** Running a command line to its exit code, alike in all entry points of the worker. */
import { CommanderError, type Command } from "commander";
import { exitCode } from "./contract/exitCode";
import { messageOf } from "./failure";

/** The command's own actions set `process.exitCode`; what they throw becomes a sentence on stderr. The command must have `exitOverride`. */
export async function runCommand(command: Command): Promise<void> {
  try {
    await command.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
      return;
    }
    console.error(messageOf(error));
    process.exitCode = exitCode.actionNeeded;
  }
}
