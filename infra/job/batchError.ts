/** Errors of the Batch service as a person can read them: what was attempted, code, text, values, request id. */
import type { Verdict } from "./pace";
import { isSignInError, signInAdvice } from "./signIn";

export class BatchError extends Error {
  constructor(
    message: string,
    /** HTTP status; null when no answer came. */
    readonly status: number | null,
    readonly code: string | null,
    readonly retryAfterMs: number | null,
    options: ErrorOptions,
  ) {
    super(message, options);
    this.name = "BatchError";
  }
}

/** `attempted` reads "add job detect-…". Understands the three shapes in which @azure/batch 10.2.0 throws. */
export function batchError(attempted: string, error: unknown): BatchError {
  const { statusCode, body, response, code, message } = error as SdkError;
  const text = typeof message === "string" ? message : message?.value;
  if (isSignInError(error))
    return new BatchError(`Could not ${attempted}: ${signInAdvice(error)}`, null, null, null, {
      cause: error,
    });
  if (statusCode === undefined) {
    const reason = text ?? String(error);
    return new BatchError(
      `Could not ${attempted}: no answer from Batch (${reason})`,
      null,
      // The SDK's own code for a name that does not resolve says nothing; its words do.
      reason.includes("ENOTFOUND") ? "ENOTFOUND" : (code ?? null),
      null,
      {
        cause: error,
      },
    );
  }
  const serviceCode = body?.code ?? code ?? null;
  const values = (body?.values ?? []).map((each) => `${each.key ?? ""}=${each.value ?? ""}`);
  const requestId = response?.headers?.get("request-id");
  const facts = [
    `HTTP ${statusCode}`,
    ...values,
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
  ];
  return new BatchError(
    `Could not ${attempted}: Batch answered ${serviceCode ?? "without a code"}: ` +
      `${firstLine(body?.message?.value ?? text ?? "")} (${facts.join(", ")})`,
    statusCode,
    serviceCode,
    retryAfterMs(response?.headers?.get("retry-after")),
    { cause: error },
  );
}

/** Throttling (429), overload and lost connections pass; everything else needs a person. */
export function verdictOn(error: unknown): Verdict {
  if (!(error instanceof BatchError)) return { kind: "give-up" };
  if (error.code === tooSoon) return { kind: "give-up" };
  const passing = error.status === null ? isNetworkCode(error.code) : passingStatus.has(error.status);
  return passing ? { kind: "retry", afterMs: error.retryAfterMs } : { kind: "give-up" };
}

/** Answered with 503, and no overload: the pool was asked to evaluate its formula within the last 30 s. */
export const tooSoon = "TooManyEnableAutoScaleRequests";

const passingStatus = new Set([408, 429, 500, 502, 503, 504]);

/** Nobody is at the account's address: its name does not resolve, or nothing listens there. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof BatchError && (error.code === "ENOTFOUND" || error.code === "ECONNREFUSED");
}

/** Everything that keeps a request from its answer. A name that does not resolve may be that of an account just made. */
function isNetworkCode(code: string | null): boolean {
  return (
    code !== null &&
    /^(REQUEST_SEND_ERROR|REQUEST_ABORTED_ERROR|ECONNRESET|ETIMEDOUT|EPIPE|ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/.test(
      code,
    )
  );
}

/** Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined || header === "") return null;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

/** Batch appends request id and time on lines of their own. */
function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** What the SDK throws; `message` is an object when the service sent one. Every member may be missing. */
interface SdkError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message?: string | { readonly value?: string };
  readonly body?: {
    readonly code?: string;
    readonly message?: { readonly value?: string };
    readonly values?: readonly { readonly key?: string; readonly value?: string }[];
  };
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

/** Null where there is no such thing. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof BatchError && error.status === 404) return null;
    throw error;
  }
}

/** 409: in another state; 412: changed since it was read; 404: gone. A call whose answer was lost and that is sent again ends here, too. */
export async function unlessChanged(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (error instanceof BatchError && changedStatus.has(error.status ?? 0)) return false;
    throw error;
  }
}

const changedStatus = new Set([404, 409, 412]);
