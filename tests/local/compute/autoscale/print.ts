/** A formula's tree as text, with no more parentheses than it needs; and the tree without places, for comparisons. */
import type { Expression, Statement } from "../../../../local/compute/autoscale/syntax";

const strength = {
  "?": 0,
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
} as const;
const unaryStrength = 7;
const wholeStrength = 8;

export const print = (statements: readonly Statement[]): string =>
  statements
    .map(
      (statement) =>
        (statement.kind === "assignment" ? `${statement.name} = ` : "") + text(statement.value, 0),
    )
    .join(";\n");

/** In parentheses where what surrounds it is stronger. */
function text(expression: Expression, around: number): string {
  const [own, written] = parts(expression);
  return own < around ? `(${written})` : written;
}

function parts(expression: Expression): [number, string] {
  switch (expression.kind) {
    case "number":
      return [wholeStrength, String(expression.value)];
    case "string":
      return [wholeStrength, `"${expression.value}"`];
    case "name":
      return [wholeStrength, expression.name];
    case "call":
      return [wholeStrength, `${expression.name}(${list(expression.parameters)})`];
    case "method":
      return [wholeStrength, `${expression.variable}.${expression.name}(${list(expression.parameters)})`];
    case "member":
      return [wholeStrength, `${text(expression.object, wholeStrength)}.${expression.name}`];
    case "unary":
      return [unaryStrength, `${expression.operator}${text(expression.operand, unaryStrength)}`];
    case "binary": {
      const { operator, left, right } = expression;
      const own = strength[operator];
      return [own, `${text(left, own)} ${operator} ${text(right, own + 1)}`];
    }
    case "conditional": {
      const { test, then, otherwise } = expression;
      return [0, `${text(test, 1)} ? ${text(then, 0)} : ${text(otherwise, 0)}`];
    }
  }
}

const list = (parameters: readonly Expression[]): string =>
  parameters.map((parameter) => text(parameter, 0)).join(", ");

export const withoutPlaces = (tree: unknown): unknown =>
  JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === "at" ? undefined : value)));
