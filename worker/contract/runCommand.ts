/** Running a command line to its exit code, alike in all entry points. */
import { CommanderError, type Command } from "commander";
import { exitCode } from "./exitCode";

/** Options that do not go together. */
export class UsageError extends Error {}

/**
 * `runCommand`, and then `exit`. For commands that upload: the end is not left to the event loop, because the SDK keeps the connection of an upload
 * that storage refused half way, and with it the process, for a minute or more.
 */
export async function runToExit(command: Command, exit: () => void): Promise<void> {
  await runCommand(command);
  // The empty write comes after all that was printed.
  process.stdout.write("", exit);
}

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
