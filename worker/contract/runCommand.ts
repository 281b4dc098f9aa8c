/** Running a command line to its exit code, alike in all entry points. */
import { CommanderError, type Command } from "commander";
import { exitCode } from "./exitCode";

/** Options that do not go together. */
export class UsageError extends Error {}

/** The command's own actions set `process.exitCode`; what they throw becomes a sentence on stderr. The command must have `exitOverride`. */
export async function runCommand(command: Command): Promise<void> {
  try {
    await command.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed its message; 0 is --help.
      process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
      return;
    }
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof UsageError ? exitCode.usage : exitCode.actionNeeded;
  }
}
