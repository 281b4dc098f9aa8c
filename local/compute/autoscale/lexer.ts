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
  let offset = matchAt(space, formula, 0)?.[0].length ?? 0;
  while (offset < formula.length) {
    const at = positionOf(formula, offset);
    const found = wordAt(formula, offset);
    if (found === undefined) throw new FormulaError(at, `Unexpected character ${formula.charAt(offset)}`);
    tokens.push({ kind: found.kind, text: found.text, at });
    offset += found.length;
    offset += matchAt(space, formula, offset)?.[0].length ?? 0;
  }
  return [...tokens, { kind: "end", text: "the end of the formula", at: positionOf(formula, offset) }];
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

function positionOf(formula: string, offset: number): Position {
  const lines = formula.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}
