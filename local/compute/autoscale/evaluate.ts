/** The evaluation of an autoscale formula: statement by statement, from what is given to what the pool is to be. */
import type { Deallocation } from "../state";
import { FormulaError, type Position } from "./formulaError";
import { functionOf, type FunctionWorld, ParameterError } from "./functions";
import {
  aliases,
  deallocations,
  intervals,
  isDeallocation,
  isOutput,
  isSampled,
  type Output,
  outputs,
} from "./names";
import { applyBinary, applyUnary } from "./operators";
import { methodOf, type Samples } from "./samples";
import type { Expression, Statement } from "./syntax";
import { double, isTime, memberOf, show, string, timeInterval, type Value } from "./values";

export interface Targets {
  readonly targetDedicatedNodes: number;
  readonly targetLowPriorityNodes: number;
}

/** What a formula is evaluated in. */
export interface Circumstances extends FunctionWorld {
  /** What the pool is meant to have until now. */
  readonly targets: Targets;
  readonly samples: Samples;
}

export interface Decision extends Targets {
  readonly deallocation: Deallocation;
  /** `$variable=value`, separated by semicolons: what it decides first, then the formula's own variables in the order of their names. */
  readonly results: string;
}

/** Of a formula that was checked. Throws FormulaError. */
export function evaluate(statements: readonly Statement[], given: Circumstances): Decision {
  const own = new Map<string, Value>();
  try {
    for (const statement of statements) {
      const value = valueOf(statement.value, own, given);
      if (statement.kind !== "assignment") continue;
      const output = aliases.get(statement.name) ?? statement.name;
      if (isOutput(output)) checkOutput(output, value, statement.at);
      own.set(statement.name, value);
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return decisionOf(own, given);
}

/** What stays while a formula cannot be evaluated (recorded). */
export function unchanged(targets: Targets): Decision {
  return { ...targets, deallocation: "requeue", results: showResults(targets, "requeue", new Map()) };
}

/** `stop()` was reached. */
class Stopped extends Error {}

function decisionOf(own: ReadonlyMap<string, Value>, given: Circumstances): Decision {
  const targets = {
    targetDedicatedNodes: wholeNodes(outputOf("$TargetDedicatedNodes", own, given)),
    targetLowPriorityNodes: wholeNodes(outputOf("$TargetLowPriorityNodes", own, given)),
  };
  const option = show(outputOf("$NodeDeallocationOption", own, given));
  const deallocation = isDeallocation(option) ? option : "requeue";
  return { ...targets, deallocation, results: showResults(targets, deallocation, own) };
}

function showResults(
  { targetDedicatedNodes, targetLowPriorityNodes }: Targets,
  deallocation: string,
  own: ReadonlyMap<string, Value>,
): string {
  const decided = [String(targetDedicatedNodes), String(targetLowPriorityNodes), deallocation];
  return [
    ...outputs.map((name, index) => `${name}=${decided[index]!}`),
    ...[...own]
      .filter(([name]) => !isOutput(name) && !aliases.has(name))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => `${name}=${show(value)}`),
  ].join(";");
}

/** The fraction goes, and so does what is below 0 (unverified). */
function wholeNodes(value: Value): number {
  return value.kind === "double" ? Math.max(0, Math.trunc(value.value)) : 0;
}

function outputOf(output: Output, own: ReadonlyMap<string, Value>, { targets }: Circumstances): Value {
  const alias = [...aliases].find(([, full]) => full === output)?.[0];
  const set = own.get(output) ?? (alias === undefined ? undefined : own.get(alias));
  if (set !== undefined) return set;
  switch (output) {
    case "$TargetDedicatedNodes":
      return double(targets.targetDedicatedNodes);
    case "$TargetLowPriorityNodes":
      return double(targets.targetLowPriorityNodes);
    case "$NodeDeallocationOption":
      return string("requeue");
  }
}

function checkOutput(output: Output, value: Value, at: Position): void {
  if (output !== "$NodeDeallocationOption") {
    if (value.kind !== "double") throw new FormulaError(at, `${output} takes a double, not a ${value.kind}`);
  } else if (value.kind !== "string" || !isDeallocation(value.value))
    throw new FormulaError(at, `${output} takes ${deallocations.join(", ")}, not ${show(value)}`);
}

function valueOf(expression: Expression, own: ReadonlyMap<string, Value>, given: Circumstances): Value {
  const { at } = expression;
  const evaluated = (child: Expression): Value => valueOf(child, own, given);
  switch (expression.kind) {
    case "number":
      return double(expression.value);
    case "string":
      return string(expression.value);
    case "name":
      return namedValue(expression.name, at, own, given);
    case "member": {
      const object = evaluated(expression.object);
      return (
        memberOf(object, expression.name) ?? fail(at, `A ${object.kind} has no member ${expression.name}`)
      );
    }
    case "call": {
      const { name } = expression;
      if (name === "stop") throw new Stopped();
      const parameters = expression.parameters.map(evaluated);
      return sound(name, at, () => functionOf(name)!.apply(parameters, given));
    }
    case "method": {
      const { name, variable } = expression;
      const parameters = expression.parameters.map(evaluated);
      if (!isSampled(variable)) return fail(at, `${variable} has no samples`);
      const call = { variable, parameters, nowMs: given.nowMs, at };
      return sound(name, at, () => methodOf(name)!.apply(call, given.samples.of(variable)));
    }
    case "unary": {
      const operand = evaluated(expression.operand);
      const { operator } = expression;
      return applyUnary(operator, operand) ?? fail(at, `${operator} does not take a ${operand.kind}`);
    }
    case "binary": {
      const { operator } = expression;
      const [left, right] = [evaluated(expression.left), evaluated(expression.right)];
      return sound(
        operator,
        at,
        () =>
          applyBinary(operator, left, right) ??
          fail(at, `${operator} does not take a ${left.kind} and a ${right.kind}${unlike(left, right)}`),
      );
    }
    case "conditional": {
      const test = evaluated(expression.test);
      if (test.kind !== "double") return fail(at, `? takes a double, not a ${test.kind}`);
      return evaluated(test.value === 0 ? expression.otherwise : expression.then);
    }
  }
}

/** The names of a checked formula; a sampled variable without a method is its value at this moment (unverified). */
function namedValue(
  name: string,
  at: Position,
  own: ReadonlyMap<string, Value>,
  given: Circumstances,
): Value {
  const output = aliases.get(name) ?? name;
  if (isOutput(output)) return outputOf(output, own, given);
  const intervalMs = intervals.get(name);
  if (intervalMs !== undefined) return timeInterval(intervalMs);
  if (isDeallocation(name)) return string(name);
  if (!isSampled(name)) return own.get(name) ?? fail(at, `Unknown variable ${name}`);
  const now = given.samples.now(name);
  return now === undefined ? fail(at, `${name} has no value here: nobody measures it`) : double(now);
}

/** A function's or an operator's value; never an infinity, not a number or beyond the calendar, which no formula means. */
function sound(name: string, at: Position, apply: () => Value): Value {
  const value = explained(name, at, apply);
  const holds =
    value.kind === "string" ||
    (value.kind === "double" && Number.isFinite(value.value)) ||
    (value.kind === "doubleVec" && value.values.every(Number.isFinite)) ||
    ((value.kind === "timestamp" || value.kind === "timeinterval") && isTime(value.ms));
  return holds ? value : fail(at, `The result of ${name} is not a finite value`);
}

function explained(name: string, at: Position, apply: () => Value): Value {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new FormulaError(at, `${name} ${error.message}`);
  }
}

const unlike = (left: Value, right: Value): string =>
  left.kind === "doubleVec" && right.kind === "doubleVec"
    ? ` of ${left.values.length} and ${right.values.length} elements`
    : "";

function fail(at: Position, what: string): never {
  throw new FormulaError(at, what);
}
