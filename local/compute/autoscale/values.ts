/** The values of an autoscale formula, and how its results show them. */

export type Value =
  | { readonly kind: "double"; readonly value: number }
  | { readonly kind: "doubleVec"; readonly values: readonly number[] }
  | { readonly kind: "string"; readonly value: string }
  /** Milliseconds since 1970, UTC. */
  | { readonly kind: "timestamp"; readonly ms: number }
  | { readonly kind: "timeinterval"; readonly ms: number };

export const double = (value: number): Value => ({ kind: "double", value });
export const doubleVec = (values: readonly number[]): Value => ({ kind: "doubleVec", values });
export const string = (value: string): Value => ({ kind: "string", value });
export const timestamp = (ms: number): Value => ({ kind: "timestamp", ms });
export const timeInterval = (ms: number): Value => ({ kind: "timeinterval", ms });

/** Doubles, vectors and times are as documented; an interval is in .NET's form, `[-][d.]hh:mm:ss[.fffffff]` (unverified). */
export function show(value: Value): string {
  switch (value.kind) {
    case "double":
      return String(value.value);
    case "doubleVec":
      return `[${value.values.join(",")}]`;
    case "string":
      return value.value;
    case "timestamp":
      return new Date(value.ms).toISOString();
    case "timeinterval":
      return showInterval(value.ms);
  }
}

const ticksPerMs = 10_000;

function showInterval(ms: number): string {
  const ticks = Math.round(Math.abs(ms) * ticksPerMs);
  const seconds = Math.floor(ticks / (1000 * ticksPerMs));
  const fraction = ticks % (1000 * ticksPerMs);
  const two = (part: number): string => String(Math.floor(part)).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  return (
    (ms < 0 ? "-" : "") +
    (days === 0 ? "" : `${days}.`) +
    `${two((seconds % 86_400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}` +
    (fraction === 0 ? "" : `.${String(fraction).padStart(7, "0")}`)
  );
}

/** `weekday`: 1 is Monday (documented), and Sunday, as in .NET, 0 (unverified). UTC. */
const members: Readonly<Record<string, (date: Date) => number>> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  weekday: (date) => date.getUTCDay(),
  hour: (date) => date.getUTCHours(),
  minute: (date) => date.getUTCMinutes(),
  second: (date) => date.getUTCSeconds(),
};

export const isTimestampMember = (name: string): boolean => Object.hasOwn(members, name);

/** Undefined for what has no such member. */
export function memberOf(object: Value, name: string): Value | undefined {
  const member = isTimestampMember(name) ? members[name] : undefined;
  if (object.kind !== "timestamp" || member === undefined) return undefined;
  return double(member(new Date(object.ms)));
}

/** The range of a Date, which shows them. */
export const isTime = (ms: number): boolean => Math.abs(ms) <= 8.64e15;
