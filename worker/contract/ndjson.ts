/** One line of NDJSON from outside, checked against its schema. */
import { z } from "zod";

/** Throws an Error that starts with `where` and names each property that is wrong. */
export function parseLine<T>(schema: z.ZodType<T>, line: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`${where}: not JSON`, { cause: error });
  }
  return parseValue(schema, value, where);
}

/** The same for a value that is already read. */
export function parseValue<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.map(String).join(".");
    return path === "" ? issue.message : `${path}: ${issue.message}`;
  });
  throw new Error(`${where}: ${problems.join("; ")}`, { cause: parsed.error });
}
