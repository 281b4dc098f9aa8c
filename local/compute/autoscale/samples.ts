/** Samples of service-defined variables, and the methods by which a formula asks for them (Azure Batch: "Obtain sample data"). */
import { FormulaError, type Position } from "./formulaError";
import { ParameterError } from "./functions";
import type { Sampled } from "./names";
import { double, doubleVec, timeInterval, timestamp, type Value } from "./values";

/** Between two samples. */
export const samplePeriodMs = 30_000;

export interface Sample {
  readonly ageMs: number;
  readonly value: number;
}

export interface Samples {
  /** Those that a formula can see, newest first. */
  of(variable: Sampled): readonly Sample[];
  /** The variable's value at this moment; undefined for what nobody measures. */
  now(variable: Sampled): number | undefined;
}

/** A method's call with its parameters' values; `at` is where it stands in the formula. */
export interface MethodCall {
  readonly variable: Sampled;
  readonly parameters: readonly Value[];
  readonly nowMs: number;
  readonly at: Position;
}

interface Method {
  readonly least: number;
  readonly most: number;
  apply(call: MethodCall, samples: readonly Sample[]): Value;
}

export function methodOf(name: string): Method | undefined {
  return methods.get(name);
}

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["GetSample", { least: 1, most: 3, apply: getSample }],
  [
    "GetSamplePercent",
    {
      least: 1,
      most: 2,
      apply: ({ parameters, nowMs }, samples) => double(percentIn(windowOf(parameters, nowMs), samples)),
    },
  ],
  ["GetSamplePeriod", { least: 0, most: 0, apply: () => timeInterval(samplePeriodMs) }],
  ["Count", { least: 0, most: 0, apply: (_call, samples) => double(samples.length) }],
  [
    "HistoryBeginTime",
    { least: 0, most: 0, apply: ({ nowMs }, samples) => timestamp(nowMs - (samples.at(-1)?.ageMs ?? 0)) },
  ],
]);

/** `GetSample(count)`, or `GetSample(start [, end] [, samplePercent])`. */
function getSample({ variable, parameters, nowMs, at }: MethodCall, samples: readonly Sample[]): Value {
  const [first] = parameters;
  if (parameters.length === 1 && first?.kind === "double")
    return vectorOf(samples.slice(0, Math.max(0, Math.trunc(first.value))));
  const last = parameters.at(-1);
  const wanted = last?.kind === "double" ? last.value : undefined;
  const window = windowOf(wanted === undefined ? parameters : parameters.slice(0, -1), nowMs);
  const received = percentIn(window, samples);
  if (wanted !== undefined && received < wanted)
    // The words are the service's.
    throw new FormulaError(
      at,
      `Insufficient data from data set: ${variable} wanted ${wanted}%, received ${Math.floor(received)}%`,
      "InsufficientSampleData",
    );
  return vectorOf(within(window, samples));
}

/** Ages, both included. */
interface Window {
  readonly youngestMs: number;
  readonly oldestMs: number;
}

/** Each end is an interval before now or a time; they are taken in any order, and one end alone reaches to now. */
function windowOf(ends: readonly Value[], nowMs: number): Window {
  const ages = ends.map((end) => {
    if (end.kind === "timeinterval") return end.ms;
    if (end.kind === "timestamp") return nowMs - end.ms;
    throw new ParameterError(`takes a time frame of intervals or times, not a ${end.kind}`);
  });
  const [first, second = 0] = ages;
  if (first === undefined || ages.length > 2) throw new ParameterError("takes a time frame");
  return { youngestMs: Math.min(first, second), oldestMs: Math.max(first, second) };
}

function within({ youngestMs, oldestMs }: Window, samples: readonly Sample[]): readonly Sample[] {
  return samples.filter(({ ageMs }) => ageMs >= youngestMs && ageMs <= oldestMs);
}

/** Of the samples that the service takes in such a time, how many per cent are there. */
function percentIn(window: Window, samples: readonly Sample[]): number {
  const possible = Math.max(1, Math.floor((window.oldestMs - window.youngestMs) / samplePeriodMs));
  return Math.min(100, (within(window, samples).length / possible) * 100);
}

const vectorOf = (samples: readonly Sample[]): Value => doubleVec(samples.map(({ value }) => value));
