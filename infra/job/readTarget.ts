/** Reading the value of `--target`. */
import { readFileSync } from "node:fs";
import { parseJobTarget, type JobTarget } from "./target";

/** A file, or the JSON itself: how the stack's own resources pass it. */
export function readTarget(target: string): JobTarget {
  const inline = target.trimStart().startsWith("{");
  const where = inline ? "--target" : target;
  let text: string;
  try {
    text = inline ? target : readFileSync(target, "utf8");
  } catch (error) {
    throw new Error(
      `Cannot read the target ${target} (${(error as { code?: string }).code ?? "error"}). ` +
        "Write it with: pulumi stack output --json > FILE",
      { cause: error },
    );
  }
  return parseTarget(text, where);
}

/** The outputs as JSON text. Throws an Error that starts with `where`. */
export function parseTarget(text: string, where: string): JobTarget {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${where}: not JSON. Write it with: pulumi stack output --json > FILE`, { cause: error });
  }
  return parseJobTarget(value, where);
}
