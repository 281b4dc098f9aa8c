/** What is wrong with an autoscale formula, and where. */

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Codes of autoScaleRun.error (recorded: the first for an unknown name; Batch monitoring, "Pool autoscale event": the second). */
export type FormulaErrorCode = "AutoScalingFormulaEvaluationError" | "InsufficientSampleData";

export class FormulaError extends Error {
  constructor(
    at: Position,
    what: string,
    readonly code: FormulaErrorCode = "AutoScalingFormulaEvaluationError",
  ) {
    super(`Line ${at.line}, Col ${at.column}: ${what}`);
  }
}
