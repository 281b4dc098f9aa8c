/** What is wrong with a formula before anything is evaluated: names that nothing defines, and calls with too few or too many parameters. */
import { FormulaError, type Position } from "./formulaError";
import { functionOf } from "./functions";
import { aliases, intervals, isDeallocation, isOutput, isSampled } from "./names";
import { childrenOf } from "./parser";
import { methodOf } from "./samples";
import type { Expression, Statement } from "./syntax";
import { isTimestampMember } from "./values";

/** Throws FormulaError. */
export function check(statements: readonly Statement[]): void {
  const own = new Set<string>();
  for (const statement of statements) {
    checkExpression(statement.value, own);
    if (statement.kind !== "assignment") continue;
    if (isSampled(statement.name) || isConstant(statement.name))
      throw new FormulaError(statement.at, `${statement.name} is read-only`);
    own.add(statement.name);
  }
}

/** A formula may read what it has set; what it is to decide has a value from the start. */
function checkExpression(expression: Expression, own: ReadonlySet<string>): void {
  const { at } = expression;
  switch (expression.kind) {
    case "name": {
      const { name } = expression;
      const isVariable = own.has(name) || isOutput(name) || aliases.has(name) || isSampled(name);
      if (!isVariable && !isConstant(name)) throw new FormulaError(at, `Unknown variable ${name}`);
      break;
    }
    case "call":
      if (expression.name === "stop") checkCount("stop", { least: 0, most: 0 }, expression.parameters, at);
      else checkCount(expression.name, functionOf(expression.name), expression.parameters, at);
      break;
    case "method":
      if (!isSampled(expression.variable))
        throw new FormulaError(at, `${expression.variable} is no service-defined variable with samples`);
      checkCount(expression.name, methodOf(expression.name), expression.parameters, at);
      break;
    case "member":
      if (!isTimestampMember(expression.name))
        throw new FormulaError(at, `A timestamp has no ${expression.name}`);
      break;
  }
  for (const child of childrenOf(expression)) checkExpression(child, own);
}

function checkCount(
  name: string,
  takes: { readonly least: number; readonly most: number } | undefined,
  parameters: readonly Expression[],
  at: Position,
): void {
  if (takes === undefined) throw new FormulaError(at, `Unknown function ${name}`);
  const { least, most } = takes;
  if (parameters.length >= least && parameters.length <= most) return;
  const range =
    most === Infinity ? `at least ${least}` : least === most ? String(most) : `${least} to ${most}`;
  throw new FormulaError(at, `${name} takes ${range} parameters, not ${parameters.length}`);
}

const isConstant = (name: string): boolean => intervals.has(name) || isDeallocation(name);
