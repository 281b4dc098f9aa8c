/** The words of an autoscale formula: numbers, strings, names and symbols, without spaces and comments. */
import { FormulaError, type Position } from "./formulaError";

export interface Token {
  readonly kind: "number" | "string" | "name" | "symbol" | "end";
  /** As written; a string without its quotes. */
  readonly text: string;
  readonly at: Position;
}

const space = /(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;
const words: readonly (readonly [Token["kind"], RegExp])[] = [
  ["number", /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["string", /"([^"\n]*)"/y],
  ["name", /\$?[A-Za-z_]\w*/y],
  ["symbol", /&&|\|\||[=!<>]=|[-+*/!<>=?:;,.()]/y],
];

/** Ends with an `end` token. Throws FormulaError for a character that belongs to nothing. */
export function tokensOf(formula: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let [line, lineStart] = [1, 0];
  for (;;) {
    // Nothing else reaches from one line to another.
    const between = matchAt(space, formula, offset)?.[0] ?? "";
    const breaks = between.split("\n").length - 1;
    if (breaks > 0) [line, lineStart] = [line + breaks, offset + between.lastIndexOf("\n") + 1];
    offset += between.length;
    const at = { line, column: offset - lineStart + 1 };
    if (offset === formula.length) return [...tokens, { kind: "end", text: "the end of the formula", at }];
    const found = wordAt(formula, offset);
    if (found === undefined) throw new FormulaError(at, `Unexpected character ${formula.charAt(offset)}`);
    tokens.push({ kind: found.kind, text: found.text, at });
    offset += found.length;
  }
}

function wordAt(
  formula: string,
  offset: number,
): { readonly kind: Token["kind"]; readonly text: string; readonly length: number } | undefined {
  for (const [kind, pattern] of words) {
    const match = matchAt(pattern, formula, offset);
    if (match !== null) return { kind, text: match[1] ?? match[0], length: match[0].length };
  }
  return undefined;
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}
