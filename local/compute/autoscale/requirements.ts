/** What compute demands of a formula and its interval before a pool gets them. */
import { durationMs } from "../duration";
import { autoScalingFormulaSyntaxError, autoScalingFormulaTooLong, invalidProperty } from "../failure";
import { readFormula } from "./formula";
import { FormulaError } from "./formulaError";

/** Batch REST, Pool_EnableAutoScale. */
export const defaultInterval = "PT15M";
const shortestIntervalMs = 5 * 60_000;
const longestIntervalMs = 168 * 3_600_000;

/** Azure Batch: at most 8 KB and 100 statements. */
const mostBytes = 8192;
const mostStatements = 100;

/** Throws AutoScalingFormulaTooLong. */
export function checkFormulaLength(formula: string): void {
  const bytes = Buffer.byteLength(formula);
  if (bytes > mostBytes) throw autoScalingFormulaTooLong(`${bytes} bytes of at most ${mostBytes}`);
}

/** Throws AutoScalingFormulaTooLong, AutoScalingFormulaSyntaxError. */
export function checkFormula(formula: string): void {
  checkFormulaLength(formula);
  try {
    const { length } = readFormula(formula);
    if (length > mostStatements)
      throw autoScalingFormulaTooLong(`${length} statements of at most ${mostStatements}`);
  } catch (error) {
    throw error instanceof FormulaError ? autoScalingFormulaSyntaxError(error.message) : error;
  }
}

/** Throws InvalidPropertyValue. */
export function checkInterval(interval: string): void {
  const ms = durationMs(interval);
  if (ms === undefined || ms < shortestIntervalMs || ms > longestIntervalMs)
    throw invalidProperty("autoScaleEvaluationInterval", interval, "5 minutes to 168 hours are allowed.");
}
