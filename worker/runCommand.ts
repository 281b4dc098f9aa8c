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

/**
 * Undefined when the work was interrupted, also where it failed then: a Ctrl-C reaches every process of the terminal, and one that is
 * still loading its model dies of it.
 */
export async function unlessInterrupted<T>(
  work: Promise<T>,
  interrupted: AbortSignal,
): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (interrupted.aborted) return undefined;
    throw error;
  }
}
