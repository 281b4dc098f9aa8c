/** A pool's autoscale formula, from its text to what it decides: the door of this folder. */
import { check } from "./check";
import { type Circumstances, type Decision, evaluate, unchanged } from "./evaluate";
import { FormulaError, type FormulaErrorCode } from "./formulaError";
import { parse } from "./parser";
import type { Statement } from "./syntax";

export type Formula = readonly Statement[];

/** Throws FormulaError for a mistake that no circumstances can heal. */
export function readFormula(text: string): Formula {
  const statements = parse(text);
  if (statements.length === 0) throw new FormulaError({ line: 1, column: 1 }, "The formula is empty");
  check(statements);
  return statements;
}

/** Why a formula could not be evaluated, in the words of the service (Batch REST: AutoScaleRunError). */
export interface EvaluationError {
  readonly code: FormulaErrorCode;
  readonly message: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

export type Evaluation = Decision & { readonly error?: EvaluationError };

/** Also of a formula with mistakes: then nothing changes, and the error says why. */
export function evaluateFormula(text: string, circumstances: Circumstances): Evaluation {
  try {
    return evaluate(readFormula(text), circumstances);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return {
      ...unchanged(circumstances.targets),
      error: {
        code: error.code,
        message: messageOf[error.code],
        values: [{ name: "Message", value: error.message }],
      },
    };
  }
}

/** The second is documented ("Pool autoscale event"); the first is formed after it (unverified). */
const messageOf: Readonly<Record<FormulaErrorCode, string>> = {
  AutoScalingFormulaEvaluationError: "Autoscale evaluation failed due to an error in the formula",
  InsufficientSampleData: "Autoscale evaluation failed due to insufficient sample data",
};
