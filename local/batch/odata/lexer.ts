/** The words of a $filter expression. */
import { FilterMistake } from "./filterMistake";

/** What a property is compared with; times in milliseconds since 1970. */
export type Literal =
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "time"; readonly value: number };

/** `source` is the text as written. */
export type Token =
  | { readonly kind: "literal"; readonly source: string; readonly literal: Literal }
  /** A property's path, an operator or a joining word. */
  | { readonly kind: "word"; readonly source: string }
  | { readonly kind: "mark"; readonly source: "(" | ")" | "," };

const patterns = {
  time: /datetime'[^']*'/iy,
  text: /'(?:[^']|'')*'/y,
  number: /-?\d+(?![\w./])/y,
  word: /[A-Za-z][\w/]*/y,
  mark: /[(),]/y,
} as const;

/** Throws FilterMistake, naming the place. */
export function tokensOf(filter: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(filter, 0);
  while (at < filter.length) {
    const token = tokenAt(filter, at);
    tokens.push(token);
    at = skipSpace(filter, at + token.source.length);
  }
  return tokens;
}

function tokenAt(filter: string, at: number): Token {
  for (const [kind, pattern] of Object.entries(patterns)) {
    pattern.lastIndex = at;
    const source = pattern.exec(filter)?.[0];
    if (source !== undefined) return tokenOf(kind as keyof typeof patterns, source);
  }
  throw new FilterMistake(`Cannot read '${filter.slice(at, at + 20)}' at character ${at + 1}.`);
}

function tokenOf(kind: keyof typeof patterns, source: string): Token {
  const literal = (value: Literal): Token => ({ kind: "literal", source, literal: value });
  switch (kind) {
    case "time":
      return literal({ type: "time", value: timeOf(source.slice("datetime'".length, -1)) });
    case "text":
      return literal({ type: "text", value: source.slice(1, -1).replaceAll("''", "'") });
    case "number":
      return literal({ type: "number", value: Number(source) });
    case "word":
      if (source === "true" || source === "false")
        return literal({ type: "boolean", value: source === "true" });
      return { kind, source };
    case "mark":
      return { kind, source: source as "(" | ")" | "," };
  }
}

/** ISO 8601; without a zone it is UTC, as everywhere in the API. */
function timeOf(text: string): number {
  const pattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?)?$/i;
  const [, time, , , zone] = pattern.exec(text) ?? [undefined];
  const value = Date.parse(time !== undefined && zone === undefined ? `${text}Z` : text);
  if (!pattern.test(text) || Number.isNaN(value))
    throw new FilterMistake(`'${text}' is not an ISO 8601 time.`);
  return value;
}

function skipSpace(filter: string, from: number): number {
  const space = /\s*/y;
  space.lastIndex = from;
  space.exec(filter);
  return space.lastIndex;
}
