/** What all the operator's commands have alike: their options, how they print, and that an action's result is the exit code. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { typedPath } from "../../../worker/contract/commandLine";
import { withTarget, type TargetOption } from "../targetOption";

/** Adds a command to the program. */
export type AddCommand = (program: Command, environment: NodeJS.ProcessEnv) => void;

export interface JsonOption {
  readonly json?: true;
}
export interface StackOption extends TargetOption, JsonOption {}
export interface RunOption extends StackOption {
  readonly job?: string;
}

/** The folder of the Pulumi program. */
export const project = resolve(__dirname, "../../..");

export function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--json", "print one JSON object on stdout")
    .exitOverride();
}

/** A command of a deployed stack. */
export function targetCommand(
  program: Command,
  environment: NodeJS.ProcessEnv,
  name: string,
  description: string,
): Command {
  return withTarget(command(program, name, description), typedPath(environment));
}

/** A command of one run of a deployed stack. */
export function runCommand(
  program: Command,
  environment: NodeJS.ProcessEnv,
  name: string,
  description: string,
): Command {
  return targetCommand(program, environment, name, description).option(
    "--job <id>",
    "the run; the newest one by default",
  );
}

/** An action's result is the exit code. */
export function action<Given extends unknown[]>(
  act: (...given: Given) => Promise<number>,
): (...given: Given) => Promise<void> {
  return async (...given) => {
    process.exitCode = await act(...given);
  };
}

/** What is no result: to stderr. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function print({ json }: JsonOption, value: object, sentence: string): void {
  say(json ? JSON.stringify(value) : sentence);
}
