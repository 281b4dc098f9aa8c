/** The functions of autoscale formulas (Azure Batch: "Functions"), but for `stop`, which is the evaluation's own. */
import { double, doubleVec, string, timestamp, type Value } from "./values";

/** What a function may look at besides its parameters. */
export interface FunctionWorld {
  readonly nowMs: number;
  /** 0 ≤ x < 1. */
  random(): number;
}

/** Parameters that are wrong; the evaluation says where. */
export class ParameterError extends Error {}

export interface FormulaFunction {
  /** How many parameters it takes. */
  readonly least: number;
  readonly most: number;
  apply(parameters: readonly Value[], world: FunctionWorld): Value;
}

export function functionOf(name: string): FormulaFunction | undefined {
  return functions.get(name);
}

/** Takes any mix of doubles and vectors, as one vector of at least so many numbers. */
function ofList(fewest: number, apply: (numbers: readonly number[]) => Value): FormulaFunction {
  return {
    least: 0,
    most: Infinity,
    apply: (parameters) => {
      const numbers = numbersOf(parameters);
      // How Azure calls this is unverified; its own samples give max a 0 beside what may be empty.
      if (numbers.length < fewest) throw new ParameterError("needs a value, and the list is empty");
      return apply(numbers);
    },
  };
}

/** A double for one double, else component by component. */
function ofEach(apply: (number: number) => number): FormulaFunction {
  return {
    least: 1,
    most: Infinity,
    apply: (parameters) => {
      const [first] = parameters;
      if (parameters.length === 1 && first?.kind === "double") return double(apply(first.value));
      return doubleVec(numbersOf(parameters).map(apply));
    },
  };
}

const functions: ReadonlyMap<string, FormulaFunction> = new Map([
  ["avg", ofList(1, (numbers) => double(sum(numbers) / numbers.length))],
  ["len", ofList(0, (numbers) => double(numbers.length))],
  ["lg", ofEach(Math.log2)],
  ["ln", ofEach(Math.log)],
  ["log", ofEach(Math.log10)],
  ["max", ofList(1, (numbers) => double(greatest(numbers)))],
  ["min", ofList(1, (numbers) => double(least(numbers)))],
  ["norm", ofList(0, (numbers) => double(Math.sqrt(sum(numbers.map((number) => number ** 2)))))],
  ["percentile", { least: 2, most: 2, apply: ([vector, share]) => percentile(vector, share) }],
  ["rand", { least: 0, most: 0, apply: (_parameters, world) => double(world.random()) }],
  ["range", ofList(1, (numbers) => double(greatest(numbers) - least(numbers)))],
  ["std", ofList(1, (numbers) => double(deviation(numbers)))],
  ["sum", ofList(0, (numbers) => double(sum(numbers)))],
  ["time", { least: 0, most: 1, apply: ([text], world) => timestamp(timeOf(text, world.nowMs)) }],
  ["val", { least: 2, most: 2, apply: ([vector, index]) => element(vector, index) }],
  // Named in what is said of lg, ln and log.
  ["vec", ofList(0, doubleVec)],
]);

function numbersOf(parameters: readonly Value[]): number[] {
  return parameters.flatMap((parameter) => {
    if (parameter.kind === "double") return [parameter.value];
    if (parameter.kind === "doubleVec") return parameter.values;
    throw new ParameterError(`takes doubles and vectors, not a ${parameter.kind}`);
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const greatest = (numbers: readonly number[]): number => numbers.reduce((most, each) => Math.max(most, each));
const least = (numbers: readonly number[]): number => numbers.reduce((most, each) => Math.min(most, each));

/** Of a sample, hence n - 1; a single value does not deviate. */
function deviation(numbers: readonly number[]): number {
  if (numbers.length === 1) return 0;
  const mean = sum(numbers) / numbers.length;
  return Math.sqrt(sum(numbers.map((number) => (number - mean) ** 2)) / (numbers.length - 1));
}

/** An element of the vector, so the nearest rank and nothing between two (unverified). */
function percentile(vector: Value | undefined, share: Value | undefined): Value {
  if (vector?.kind !== "doubleVec" || share?.kind !== "double")
    throw new ParameterError("takes a vector and a percentage");
  const sorted = [...vector.values].sort((left, right) => left - right);
  const rank = Math.ceil((share.value / 100) * sorted.length) - 1;
  const found = sorted[Math.min(sorted.length - 1, Math.max(0, rank))];
  if (found === undefined) throw new ParameterError("needs a value, and the vector is empty");
  return double(found);
}

function element(vector: Value | undefined, index: Value | undefined): Value {
  if (vector?.kind !== "doubleVec" || index?.kind !== "double")
    throw new ParameterError("takes a vector and an index");
  const found = vector.values[index.value];
  if (found === undefined)
    throw new ParameterError(`finds no element ${index.value} in a vector of ${vector.values.length}`);
  return double(found);
}

/** W3C-DTF: year, month, day, and perhaps a time with its zone. */
const w3cTime = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/;
const rfc1123Time = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

function timeOf(parameter: Value = string(""), nowMs: number): number {
  if (parameter.kind !== "string") throw new ParameterError(`takes a string, not a ${parameter.kind}`);
  const text = parameter.value;
  if (text === "") return nowMs;
  const ms = w3cTime.test(text) || rfc1123Time.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) throw new ParameterError(`reads W3C-DTF and RFC 1123, not "${text}"`);
  return ms;
}
