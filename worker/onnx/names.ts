/** Class names that a person gives in a file: a name a line, or `names` as in the data files of Ultralytics. */
import { extname } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const dataFile = z.looseObject({ names: z.union([z.array(scalar), z.record(z.string(), scalar)]) });

/**
 * By class number. `.yaml`, `.yml` and `.json` hold `names`, a list or a map from number to name; any other file holds a name a
 * line. Throws an Error of one sentence that names the file when a number is without a name.
 */
export function parseNames(text: string, file: string): string[] {
  const fail = (what: string): never => {
    throw new Error(`The file with class names ${file} cannot be used: ${what}.`);
  };
  const names = /^\.(ya?ml|json)$/i.test(extname(file))
    ? namesOfData(text, fail)
    : text.trimEnd().split(/\r?\n/);
  const trimmed = names.map((name) => name.trim());
  if (trimmed.every((name) => name === "")) fail("it holds no names");
  const empty = trimmed.indexOf("");
  if (empty >= 0) fail(`class ${empty} (counted from 0) has no name`);
  return trimmed;
}

function namesOfData(text: string, fail: (what: string) => never): string[] {
  const read = dataFile.safeParse(yamlOf(text, fail));
  if (!read.success) return fail("it has no list or map called names");
  const { names } = read.data;
  if (Array.isArray(names)) return names;
  // What is missing between 0 and the last number comes out empty.
  const numbers = Object.keys(names);
  return numbers.every((key) => /^\d{1,5}$/.test(key))
    ? Array.from({ length: Math.max(-1, ...numbers.map(Number)) + 1 }, (_, number) => names[number] ?? "")
    : fail("a key of names is no class number");
}

/** YAML 1.2 has JSON in it. */
function yamlOf(text: string, fail: (what: string) => never): unknown {
  try {
    return parse(text);
  } catch (error) {
    return fail(error instanceof Error ? error.message.split("\n")[0]!.replace(/[.:]$/, "") : String(error));
  }
}
