/**
 * The grammar of $filter, as far as Batch lists understand OData:
 *
 *     either      = both { "or" both }                     `and` binds tighter than `or`
 *     both        = term { "and" term }
 *     term        = "(" either ")" | startswith | comparison
 *     startswith  = "startswith" "(" property "," literal ")"
 *     comparison  = property ( "eq" | "ne" | "gt" | "ge" | "lt" | "le" ) literal
 */
import { FilterMistake } from "./filterMistake";
import { type Literal, type Token, tokensOf } from "./lexer";

export type Expression =
  | { readonly kind: "or" | "and"; readonly parts: readonly Expression[] }
  | {
      readonly kind: "comparison";
      readonly property: string;
      readonly operator: string;
      readonly literal: Literal;
    };

/** Deeper parentheses are a mistake, not a reason to run out of stack. */
const deepest = 64;

/** Throws FilterMistake. Whether a list has the properties and knows the operators is not decided here. */
export function parse(filter: string): Expression {
  const tokens = new Tokens(tokensOf(filter));
  const expression = either(tokens, 0);
  const { next } = tokens;
  if (next !== undefined) throw new FilterMistake(`Unexpected '${next.source}'.`);
  return expression;
}

function either(tokens: Tokens, depth: number): Expression {
  return joined(tokens, "or", () => joined(tokens, "and", () => term(tokens, depth)));
}

function joined(tokens: Tokens, kind: "or" | "and", part: () => Expression): Expression {
  const parts = [part()];
  while (tokens.takeIf(kind)) parts.push(part());
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}

function term(tokens: Tokens, depth: number): Expression {
  if (tokens.takeIf("(")) {
    if (depth === deepest) throw new FilterMistake(`Parentheses are more than ${deepest} deep.`);
    const inner = either(tokens, depth + 1);
    tokens.expect(")");
    return inner;
  }
  const property = tokens.word("a property");
  if (property === "startswith" && tokens.takeIf("(")) return startsWith(tokens);
  return { kind: "comparison", property, operator: tokens.word("an operator"), literal: tokens.literal() };
}

function startsWith(tokens: Tokens): Expression {
  const property = tokens.word("a property");
  tokens.expect(",");
  const literal = tokens.literal();
  tokens.expect(")");
  return { kind: "comparison", property, operator: "startswith", literal };
}

/** Tokens, taken from left to right. */
class Tokens {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get next(): Token | undefined {
    return this.tokens[this.at];
  }

  /** Takes the next token if it is this word or mark. */
  takeIf(source: string): boolean {
    const { next } = this;
    if (next === undefined || next.kind === "literal" || next.source !== source) return false;
    this.at += 1;
    return true;
  }

  expect(source: string): void {
    if (!this.takeIf(source)) throw this.unexpected(`'${source}'`);
  }

  word(what: string): string {
    const { next } = this;
    if (next?.kind !== "word") throw this.unexpected(what);
    this.at += 1;
    return next.source;
  }

  literal(): Literal {
    const { next } = this;
    if (next?.kind !== "literal") throw this.unexpected("a value");
    this.at += 1;
    return next.literal;
  }

  private unexpected(what: string): FilterMistake {
    const got = this.next === undefined ? "the end" : `'${this.next.source}'`;
    return new FilterMistake(`Expected ${what}, got ${got}.`);
  }
}
