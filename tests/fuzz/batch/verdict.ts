/** The verdict on an answer: the service's own words, no fault of its own, and nothing of anybody else's. */
import { secret } from "./accounts";
import type { FuzzRequest } from "./request";
import type { Outcome, WireAnswer } from "./wire";

/** What lies outside of every task's directory. */
const forbidden = [secret, "PRIVATE KEY"];

/** Node's own limit for a request's line and headers. */
const largestHead = 16 * 1024;

/** Service-side codes that are documented for a request that is merely too early. */
const busy = ["TooManyEnableAutoScaleRequests"];

/** What is wrong with the answer; undefined when nothing is. */
export function faultOf(request: FuzzRequest, outcome: Outcome): string | undefined {
  if (outcome === "hangs") return "no answer";
  if (outcome === "closed") return request.isBroken ? undefined : "the connection was cut";
  const leaked = forbidden.find((text) => outcome.raw.includes(text));
  if (leaked !== undefined) return `the answer has "${leaked}" in it`;
  if (isOfHttp(request, outcome)) return undefined;
  const code = codeOf(outcome);
  if (outcome.status >= 500 && outcome.status !== 501 && !busy.includes(code ?? ""))
    return `${outcome.status} ${outcome.body}`;
  if (!outcome.headers.has("request-id")) return `${outcome.status} without a request-id`;
  if (request.verb === "HEAD" || outcome.status === 304) return undefined;
  if (outcome.status >= 400)
    return code === undefined ? `${outcome.status} without an error: ${outcome.body}` : undefined;
  const isJson = outcome.headers.get("content-type")?.startsWith("application/json") === true;
  return isJson && parsed(outcome.body) === undefined
    ? `${outcome.status} that is no JSON: ${outcome.body}`
    : undefined;
}

/** How it was answered, for counting: "200", "400 InvalidUri", "closed". */
export function outcomeName(outcome: Outcome): string {
  if (typeof outcome === "string") return outcome;
  const code = codeOf(outcome);
  return code === undefined ? String(outcome.status) : `${outcome.status} ${code}`;
}

/** An answer from below the service: what came was no HTTP request, or one with an expectation. */
function isOfHttp(request: FuzzRequest, { status, body }: WireAnswer): boolean {
  const head = JSON.stringify([request.path, request.query, request.headers, request.authorization]).length;
  if (body !== "") return false;
  if (status === 417) return request.headers.some(([name]) => name === "Expect");
  const isBroken = request.isBroken === true || /[^\x21-\x7e]/.test(request.path + request.query);
  return (status === 400 && isBroken) || (status === 431 && head > largestHead / 2);
}

/** Of a body with the shape of the service's errors. */
function codeOf({ body }: WireAnswer): string | undefined {
  const { code, message } = (parsed(body) ?? {}) as { code?: unknown; message?: { value?: unknown } };
  return typeof code === "string" && typeof message?.value === "string" ? code : undefined;
}

function parsed(text: string): object | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
