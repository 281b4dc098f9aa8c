/** $filter: which properties a list can be filtered by, and which items an expression lets through. */
import { FilterMistake } from "./filterMistake";
import type { Literal } from "./lexer";
import { type Expression, parse } from "./parser";

export type Operator = "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "startswith";

export const equality: readonly Operator[] = ["eq", "ne"];
export const comparison: readonly Operator[] = ["eq", "ne", "gt", "ge", "lt", "le"];

/** A property of a list's items: what it is compared with, how, and where to find it. */
export interface FilterProperty<Item> {
  readonly type: Literal["type"];
  readonly operators: readonly Operator[];
  /** For text: compared in lower case. */
  readonly ignoresCase?: true;
  /** As it is compared: in lower case where it ignores case, times in milliseconds. */
  readonly of: (item: Item) => Value | undefined;
}

type Value = Literal["value"];

/** By their paths in a filter (Azure Batch: "Create list queries"). */
export type FilterRules<Item> = Readonly<Record<string, FilterProperty<Item>>>;

type Source<Item, Part> = (item: Item) => Part | undefined;

/** Ids, states and other words are compared without regard to case. */
export const word = <Item>(allowed: readonly Operator[], of: Source<Item, string>): FilterProperty<Item> => ({
  type: "text",
  operators: allowed,
  ignoresCase: true,
  of: (item) => of(item)?.toLowerCase(),
});
export const id = <Item>(of: Source<Item, string>): FilterProperty<Item> =>
  word([...comparison, "startswith"], of);
export const time = <Item>(of: Source<Item, string>): FilterProperty<Item> => ({
  type: "time",
  operators: comparison,
  of: (item) => {
    const value = of(item);
    return value === undefined ? undefined : Date.parse(value);
  },
});
export const number = <Item>(of: Source<Item, number>): FilterProperty<Item> => ({
  type: "number",
  operators: comparison,
  of,
});
export const flag = <Item>(of: Source<Item, boolean>): FilterProperty<Item> => ({
  type: "boolean",
  operators: equality,
  of,
});

/** Throws FilterMistake for what is no filter, and for what this list cannot be filtered by. */
export function filterOf<Item>(filter: string, rules: FilterRules<Item>): (item: Item) => boolean {
  return predicateOf(parse(filter), rules);
}

function predicateOf<Item>(expression: Expression, rules: FilterRules<Item>): (item: Item) => boolean {
  switch (expression.kind) {
    case "or": {
      const parts = expression.parts.map((part) => predicateOf(part, rules));
      return (item) => parts.some((part) => part(item));
    }
    case "and": {
      const parts = expression.parts.map((part) => predicateOf(part, rules));
      return (item) => parts.every((part) => part(item));
    }
    case "comparison": {
      const { rule, operator } = comparisonOf(expression, rules);
      const { value } = expression.literal;
      const wanted = rule.ignoresCase === true ? String(value).toLowerCase() : value;
      return (item) => holds(rule.of(item), operator, wanted);
    }
  }
}

function comparisonOf<Item>(
  { property, operator, literal }: Extract<Expression, { kind: "comparison" }>,
  rules: FilterRules<Item>,
): { readonly rule: FilterProperty<Item>; readonly operator: Operator } {
  const rule = Object.hasOwn(rules, property) ? rules[property] : undefined;
  if (rule === undefined)
    throw new FilterMistake(
      `This list is not filtered by '${property}', but by ${Object.keys(rules).join(", ")}.`,
    );
  const allowed = rule.operators.find((one) => one === operator);
  if (allowed === undefined)
    throw new FilterMistake(
      `'${property}' is not compared by '${operator}', but by ${rule.operators.join(", ")}.`,
    );
  if (literal.type !== rule.type)
    throw new FilterMistake(`'${property}' is compared with a ${rule.type}, not with a ${literal.type}.`);
  return { rule, operator: allowed };
}

/** A property that is not there is equal to nothing and different from everything. */
function holds(value: Value | undefined, operator: Operator, wanted: Value): boolean {
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
