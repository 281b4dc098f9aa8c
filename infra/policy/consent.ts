/**
 * `.review-consent`: what a pull request knowingly asks for. A YAML list; each entry names a resource, and the grade of its change or
 * the rule that it breaks, and says why:
 *
 *     - resource: pool
 *       grade: new pool
 *       reason: larger nodes for the night runs
 *     - resource: pool
 *       rule: pool-reaches-zero
 *       reason: the demo needs a warm node
 */
import { parse } from "yaml";
import { z } from "zod";

export type Consent = { readonly resource: string; readonly reason: string } & (
  { readonly grade: string } | { readonly rule: string }
);

const text = z.string().trim().min(1);
const entry = z.union([
  z.strictObject({ resource: text, grade: text, reason: text }),
  z.strictObject({ resource: text, rule: text, reason: text }),
]);

/** `file`: for messages. Throws an Error that names every entry that cannot be read. */
export function parseConsents(source: string, file: string): readonly Consent[] {
  const entries = listIn(source, file);
  const parsed = entries.map((item) => entry.safeParse(item));
  const mistakes = parsed.flatMap(({ success }, index) => (success ? [] : [`entry ${index + 1}`]));
  if (mistakes.length > 0)
    throw new Error(
      `${file}: ${mistakes.join(", ")} cannot be read; each entry is {resource, grade, reason} or {resource, rule, reason}.`,
    );
  return parsed.flatMap(({ data }) => (data === undefined ? [] : [data]));
}

function listIn(source: string, file: string): readonly unknown[] {
  let content: unknown;
  try {
    content = parse(source);
  } catch (cause) {
    throw new Error(`${file} is no YAML: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  if (content === null) return [];
  if (!Array.isArray(content))
    throw new Error(`${file}: expected a list of {resource, grade or rule, reason}.`);
  return content;
}
