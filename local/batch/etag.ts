/** ETags and the conditional headers that compare with them. */
import { ticksOf } from "../compute/ticks";
import type { Answer, Call } from "./call";
import { conditionNotMet, invalidHeader, multipleConditionHeaders, unsupportedHeader } from "./errors";

/** The service's tag of an entity: the .NET ticks of its last modification (exact on recorded pairs). */
export function eTagOf(lastModified: string): string {
  return `0x${ticksOf(lastModified).toString(16).toUpperCase()}`;
}

export function tagHeaders(lastModified: string): { ETag: string; "Last-Modified": string } {
  return { ETag: eTagOf(lastModified), "Last-Modified": new Date(lastModified).toUTCString() };
}

/** For writes. Throws ConditionNotMet. */
export function demandConditions(call: Call, lastModified: string): void {
  if (!conditionsHold(call, lastModified)) throw conditionNotMet();
}

/** For reads: 304 where the caller has what there is. */
export function unlessUnchanged(call: Call, lastModified: string, answer: Answer): Answer {
  return conditionsHold(call, lastModified) ? answer : { status: 304 };
}

/** For what has a time but no tag. // unverified: that the service refuses them there, where the SDK cannot send them */
export function refuseTags(call: Call): void {
  for (const name of ["if-match", "if-none-match"] as const) {
    const value = call.headers[name];
    if (value !== undefined) throw unsupportedHeader(name, value);
  }
}

const conditionHeaders = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"] as const;

function conditionsHold(call: Call, lastModified: string): boolean {
  const given = conditionHeaders.filter((name) => call.headers[name] !== undefined);
  const [header] = given;
  if (header === undefined) return true;
  if (given.length > 1) throw multipleConditionHeaders();
  const value = call.headers[header] ?? "";
  switch (header) {
    case "if-match":
      return namesTag(value, lastModified);
    case "if-none-match":
      return !namesTag(value, lastModified);
    case "if-modified-since":
      return wholeSeconds(lastModified) > headerTime(header, value);
    case "if-unmodified-since":
      return wholeSeconds(lastModified) <= headerTime(header, value);
  }
}

/** With or without quotes; `*` is any. */
function namesTag(value: string, lastModified: string): boolean {
  const tags = value.split(",").map((tag) => tag.trim().replaceAll('"', ""));
  return tags.some((tag) => tag === "*" || tag === eTagOf(lastModified));
}

/** HTTP dates have no fractions of seconds. */
const wholeSeconds = (time: string): number => Math.floor(Date.parse(time) / 1000);

function headerTime(name: string, value: string): number {
  const time = wholeSeconds(value);
  if (Number.isNaN(time)) throw invalidHeader(name, value);
  return time;
}
