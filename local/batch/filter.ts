/** $filter: the part of OData that Batch lists understand, parsed into a predicate. */
import { invalidQueryParameter } from "./errors";

type Operator = "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "startswith";

/** Properties that a list can be filtered by, with their operators (Azure Batch: "Create list queries"). */
export type FilterRules = Readonly<Record<string, readonly Operator[]>>;

export const equality: readonly Operator[] = ["eq", "ne"];
export const comparison: readonly Operator[] = ["eq", "ne", "gt", "ge", "lt", "le"];
export const text: readonly Operator[] = [...comparison, "startswith"];

type Predicate = (item: object) => boolean;

/** Throws InvalidQueryParameterValue. `and` binds tighter than `or`. */
export function parseFilter(filter: string, rules: FilterRules): Predicate {
  const fail = (reason: string): Error => invalidQueryParameter("$filter", filter, reason);
  const tokens = tokensOf(filter, fail).values();
  let token = tokens.next().value;
  const take = (): string => {
    const taken = token;
    if (taken === undefined) throw fail("The expression ends too early.");
    token = tokens.next().value;
    return taken;
  };
  const expect = (wanted: string): void => {
    const got = take();
    if (got !== wanted) throw fail(`Expected '${wanted}', got '${got}'.`);
  };
  const joined = (
    operator: string,
    part: () => Predicate,
    join: (parts: Predicate[]) => Predicate,
  ): Predicate => {
    const parts = [part()];
    while (token === operator) {
      take();
      parts.push(part());
    }
    return join(parts);
  };
  const either = (): Predicate => joined("or", both, (parts) => (item) => parts.some((part) => part(item)));
  const both = (): Predicate => joined("and", term, (parts) => (item) => parts.every((part) => part(item)));
  const term = (): Predicate => {
    const first = take();
    if (first === "(") {
      const inner = either();
      expect(")");
      return inner;
    }
    if (first === "startswith") {
      expect("(");
      const property = take();
      expect(",");
      const value = take();
      expect(")");
      return compare(property, "startswith", value);
    }
    return compare(first, take(), take());
  };
  const compare = (property: string, operator: string, literal: string): Predicate => {
    const allowed = rules[property]?.find((one) => one === operator);
    if (allowed === undefined) throw fail(`'${property} ${operator}' is not supported for this list.`);
    const wanted = valueOf(literal, fail);
    return (item) => holds(propertyOf(item, property), allowed, wanted);
  };
  const predicate = either();
  if (token !== undefined) throw fail(`Unexpected '${token}'.`);
  return predicate;
}

function tokensOf(filter: string, fail: (reason: string) => Error): string[] {
  const pattern = /\s*(datetime'[^']*'|'(?:[^']|'')*'|[(),]|[\w/.:+-]+)/iy;
  const tokens: string[] = [];
  const end = filter.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const found = pattern.exec(filter)?.[1];
    if (found === undefined) throw fail(`Cannot read from character ${at + 1} on.`);
    tokens.push(found);
  }
  return tokens;
}

/** Times are compared as milliseconds, text without regard to case, as ids and states are. */
type Value = string | number | boolean;

function valueOf(literal: string, fail: (reason: string) => Error): Value {
  if (/^datetime'/i.test(literal)) {
    const time = Date.parse(literal.slice(9, -1));
    if (Number.isNaN(time)) throw fail(`${literal} is not a time.`);
    return time;
  }
  if (literal.startsWith("'")) return literal.slice(1, -1).replaceAll("''", "'").toLowerCase();
  if (literal === "true" || literal === "false") return literal === "true";
  const value = Number(literal);
  if (Number.isNaN(value)) throw fail(`'${literal}' is not a value.`);
  return value;
}

function propertyOf(item: object, path: string): unknown {
  return path
    .split("/")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], item);
}

/** A property that is not there is equal to nothing and different from everything. */
function holds(actual: unknown, operator: Operator, wanted: Value): boolean {
  const value = comparable(actual, wanted);
  if (value === undefined) return operator === "ne";
  switch (operator) {
    case "eq":
      return value === wanted;
    case "ne":
      return value !== wanted;
    case "gt":
      return value > wanted;
    case "ge":
      return value >= wanted;
    case "lt":
      return value < wanted;
    case "le":
      return value <= wanted;
    case "startswith":
      return String(value).startsWith(String(wanted));
  }
}

function comparable(actual: unknown, wanted: Value): Value | undefined {
  if (typeof actual === "string")
    return typeof wanted === "number" ? Date.parse(actual) : actual.toLowerCase();
  if (typeof actual === "number" || typeof actual === "boolean") return actual;
  return undefined;
}
