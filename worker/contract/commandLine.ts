/** What the commands of all rooms read alike from their command lines. */
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";

/** A path as the person typed it: npm runs scripts in the project's folder and names theirs in INIT_CWD. */
export function typedPath(
  environment: Readonly<Record<string, string | undefined>>,
): (text: string) => string {
  return (text) => resolve(environment.INIT_CWD ?? process.cwd(), text);
}

export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isInteger(number) && number >= minimum && number <= maximum)
      return number;
    throw new InvalidArgumentError(`expected a whole number from ${minimum} to ${maximum}.`);
  };
}
