/** Classes that a person wants, given by name or number, as numbers of the model's classes. */

/** Undefined when none are given: all classes count. Throws an Error of one sentence for a class that the model does not know. */
export function classNumbers(
  wanted: readonly string[],
  classNames: readonly string[],
): ReadonlySet<number> | undefined {
  if (wanted.length === 0) return undefined;
  const numbers = wanted.map((text): [string, number] => [text, numberOf(text, classNames)]);
  const unknown = numbers.filter(([, number]) => number < 0).map(([text]) => text);
  if (unknown.length > 0)
    throw new Error(`The model knows no class ${unknown.join(", ")}; its classes are ${listOf(classNames)}.`);
  return new Set(numbers.map(([, number]) => number));
}

/** A name counts before a number, should a class be called "3". */
function numberOf(text: string, classNames: readonly string[]): number {
  const named = classNames.indexOf(text);
  if (named >= 0 || !/^\d+$/.test(text)) return named;
  // A model without names (final boxes) may have any number of classes.
  return classNames.length === 0 || Number(text) < classNames.length ? Number(text) : -1;
}

const listed = 20;

function listOf(classNames: readonly string[]): string {
  const names = classNames.slice(0, listed).join(", ");
  return classNames.length > listed ? `${names} and ${classNames.length - listed} more` : names;
}
