/**
 * The fewest nodes that an autoscale formula can ask for, read from its text with intervals: every counter may be anything from 0 up,
 * and of two branches either may be taken. So the floor is never too high; where a formula is cleverer than that, it is too low.
 */

/** From `lo` to `hi`, both included. */
interface Range {
  readonly lo: number;
  readonly hi: number;
}

const anything: Range = { lo: -Infinity, hi: Infinity };
const fromZero: Range = { lo: 0, hi: Infinity };
const truth: Range = { lo: 0, hi: 1 };

const targets = [
  ["$TargetDedicatedNodes", "$TargetDedicated"],
  ["$TargetLowPriorityNodes", "$TargetLowPriority"],
] as const;

/** Dedicated and Spot nodes together; undefined where the text is none that can be read. */
export function formulaFloor(formula: string): number | undefined {
  const tokens = tokensOf(formula);
  const variables = tokens && assignments(tokens);
  if (!variables) return undefined;
  // Azure: a target that is not set keeps its value; a result loses its fraction, and is 0 where it is negative.
  const floors = targets.map((names) => {
    const set = names.map((name) => variables.get(name)).find((range) => range !== undefined);
    return Math.max(0, Math.trunc(set?.lo ?? 0));
  });
  return floors.reduce((sum, floor) => sum + floor, 0);
}

function tokensOf(formula: string): string[] | undefined {
  const text = formula.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, " ").trim();
  const token = /\s*(\d+\.?\d*|\$?[A-Za-z_]\w*|"[^"]*"|'[^']*'|[<>=!]=|&&|\|\||[-+*/<>!?:;=(),.])\s*/y;
  const found: string[] = [];
  while (token.lastIndex < text.length) {
    const next = token.exec(text)?.[1];
    if (next === undefined) return undefined;
    found.push(next);
  }
  return found;
}

/** What each variable is at the end; undefined where a statement cannot be read. */
function assignments(tokens: readonly string[]): ReadonlyMap<string, Range> | undefined {
  const variables = new Map<string, Range>();
  let position = 0;
  const isNext = (...wanted: string[]): boolean => wanted.includes(tokens[position] ?? "");
  const take = (): string => tokens[position++] ?? unreadable();
  const expect = (wanted: string): void => {
    if (take() !== wanted) unreadable();
  };

  function ternary(): Range {
    const condition = binary(0);
    if (!isNext("?")) return condition;
    expect("?");
    const yes = ternary();
    expect(":");
    return union([yes, ternary()]);
  }
  /** By precedence, the loosest operators first. */
  function binary(level: number): Range {
    const operators = precedence[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    while (isNext(...operators)) left = combined(take(), left, binary(level + 1));
    return left;
  }
  function unary(): Range {
    if (isNext("!")) {
      take();
      unary();
      return truth;
    }
    if (!isNext("-")) return postfix();
    take();
    const { lo, hi } = unary();
    return { lo: -hi, hi: -lo };
  }
  function postfix(): Range {
    let value = primary();
    while (isNext(".")) {
      take();
      const method = take();
      if (isNext("(")) inBrackets();
      // $PendingTasks.GetSample(…) is samples of it; a percentage, a period, an hour are none of them negative.
      value = method === "GetSample" ? value : fromZero;
    }
    return value;
  }
  function primary(): Range {
    const first = take();
    if (first === "(") {
      const inner = ternary();
      expect(")");
      return inner;
    }
    if (/^\d/.test(first)) return { lo: Number(first), hi: Number(first) };
    if (/^["']/.test(first)) return anything;
    if (!/^\$?[A-Za-z_]/.test(first)) return unreadable();
    if (isNext("(")) return resultOf(first, inBrackets());
    return variables.get(first) ?? (/^(\$|TimeInterval_)/.test(first) ? fromZero : anything);
  }
  function inBrackets(): Range[] {
    const inside: Range[] = [];
    expect("(");
    while (!isNext(")")) {
      inside.push(ternary());
      if (!isNext(")")) expect(",");
    }
    expect(")");
    return inside;
  }

  try {
    while (position < tokens.length) {
      const name = take();
      expect("=");
      variables.set(name, ternary());
      if (position < tokens.length) expect(";");
    }
    return variables;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Unreadable extends Error {}

function unreadable(): never {
  throw new Unreadable();
}

const precedence = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-"], ["*", "/"]];

function combined(operator: string, a: Range, b: Range): Range {
  switch (operator) {
    case "+":
      return { lo: a.lo + b.lo, hi: a.hi + b.hi };
    case "-":
      return { lo: a.lo - b.hi, hi: a.hi - b.lo };
    case "*":
      return corners(a, b, (x, y) => (x === 0 || y === 0 ? 0 : x * y));
    case "/":
      return b.lo <= 0 && b.hi >= 0 ? anything : corners(a, b, (x, y) => (x === 0 ? 0 : x / y));
    default:
      return truth;
  }
}

/** A function's result from its arguments, of which some are vectors: then the range is that of each element. */
function resultOf(name: string, inside: readonly Range[]): Range {
  const los = inside.map(({ lo }) => lo);
  const his = inside.map(({ hi }) => hi);
  if (inside.length === 0) return anything;
  switch (name) {
    case "max":
      return { lo: Math.max(...los), hi: Math.max(...his) };
    case "min":
      return { lo: Math.min(...los), hi: Math.min(...his) };
    case "avg":
      return union(inside);
    case "val":
      return inside[0] ?? anything;
    default:
      return anything;
  }
}

function union(ranges: readonly Range[]): Range {
  return {
    lo: Math.min(...ranges.map(({ lo }) => lo)),
    hi: Math.max(...ranges.map(({ hi }) => hi)),
  };
}

/** ∞ ÷ ∞ and ∞ − ∞ may be anything. */
function corners(a: Range, b: Range, of: (x: number, y: number) => number): Range {
  const all = [of(a.lo, b.lo), of(a.lo, b.hi), of(a.hi, b.lo), of(a.hi, b.hi)];
  return all.some(Number.isNaN) ? anything : { lo: Math.min(...all), hi: Math.max(...all) };
}
