/** An autoscale formula as a tree: statements in order, expressions below them. */
import type { Position } from "./formulaError";

/** From the weakest to the strongest; all group from the left. */
export const binaryOperators = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/"],
] as const;
export type BinaryOperator = (typeof binaryOperators)[number][number];
export type UnaryOperator = "-" | "!";

export type Expression = { readonly at: Position } & (
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  /** A variable, a constant such as `TimeInterval_Minute`, or a word such as `taskcompletion`. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly parameters: readonly Expression[] }
  /** `$PendingTasks.GetSample(1)`: only service-defined variables have methods. */
  | {
      readonly kind: "method";
      readonly variable: string;
      readonly name: string;
      readonly parameters: readonly Expression[];
    }
  /** `time().weekday`. */
  | { readonly kind: "member"; readonly object: Expression; readonly name: string }
  | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "conditional";
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
);

export type Statement = { readonly at: Position; readonly value: Expression } & (
  | { readonly kind: "assignment"; readonly name: string }
  /** Evaluated for nothing but `stop()`. */
  | { readonly kind: "expression" }
);
