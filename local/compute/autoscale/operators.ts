/** The operators of autoscale formulas, for exactly the types that the documentation lists ("Operations"). */
import type { BinaryOperator, UnaryOperator } from "./syntax";
import { double, doubleVec, timeInterval, timestamp, type Value } from "./values";

/** Undefined where the operator does not take such an operand. */
export function applyUnary(operator: UnaryOperator, operand: Value): Value | undefined {
  if (operator === "!") return operand.kind === "double" ? truth(operand.value === 0) : undefined;
  if (operand.kind === "double") return double(-operand.value);
  return operand.kind === "timeinterval" ? timeInterval(-operand.ms) : undefined;
}

/** Undefined where the operator does not take such operands. */
export function applyBinary(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  switch (operator) {
    case "&&":
    case "||": {
      if (left.kind !== "double" || right.kind !== "double") return undefined;
      const [one, other] = [left.value !== 0, right.value !== 0];
      return truth(operator === "&&" ? one && other : one || other);
    }
    case "+":
    case "-":
    case "*":
    case "/":
      return calculate(operator, left, right);
    default:
      return compare(operator, left, right);
  }
}

const truth = (holds: boolean): Value => double(holds ? 1 : 0);

type Arithmetic = "+" | "-" | "*" | "/";
type Comparison = Exclude<BinaryOperator, Arithmetic | "&&" | "||">;

const arithmetic: Readonly<Record<Arithmetic, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
};

function calculate(operator: Arithmetic, left: Value, right: Value): Value | undefined {
  const apply = arithmetic[operator];
  switch (`${left.kind} ${operator} ${right.kind}`) {
    case "timeinterval + timeinterval":
    case "timeinterval - timeinterval":
    case "timestamp - timestamp":
      return timeInterval(apply(amountOf(left), amountOf(right)));
    case "timestamp + timeinterval":
    case "timeinterval + timestamp":
      return timestamp(apply(amountOf(left), amountOf(right)));
    case "double * timeinterval":
    case "timeinterval * double":
    case "timeinterval / double":
      return timeInterval(apply(amountOf(left), amountOf(right)));
  }
  if (left.kind === "double" && right.kind === "double") return double(apply(left.value, right.value));
  if (left.kind !== "doubleVec") return undefined;
  if (right.kind === "double") return doubleVec(left.values.map((value) => apply(value, right.value)));
  if (right.kind !== "doubleVec" || right.values.length !== left.values.length) return undefined;
  return doubleVec(left.values.map((value, index) => apply(value, right.values[index]!)));
}

function amountOf(value: Value): number {
  if (value.kind === "double") return value.value;
  return value.kind === "timestamp" || value.kind === "timeinterval" ? value.ms : NaN;
}

const comparisons: Readonly<Record<Comparison, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  "==": (order) => order === 0,
  ">=": (order) => order >= 0,
  ">": (order) => order > 0,
  "!=": (order) => order !== 0,
};

function compare(operator: Comparison, left: Value, right: Value): Value | undefined {
  const order = orderOf(left, right);
  return order === undefined ? undefined : truth(comparisons[operator](order));
}

/** Strings by their characters' numbers (unverified); vectors have no order. */
function orderOf(left: Value, right: Value): number | undefined {
  if (left.kind !== right.kind || left.kind === "doubleVec" || right.kind === "doubleVec") return undefined;
  if (left.kind === "string" && right.kind === "string")
    return left.value === right.value ? 0 : left.value < right.value ? -1 : 1;
  return Math.sign(amountOf(left) - amountOf(right));
}
