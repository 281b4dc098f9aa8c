/** How a service refused: the status and code of what its SDK threw. */
import { batchError } from "../batchError";
import { storageStatus } from "../blobs";

export interface Refusal {
  /** Null: no answer. */
  readonly status: number | null;
  readonly code: string | null;
  readonly reason: string;
}

/** Null: it was not refused. */
export async function refusalOf(ask: () => Promise<unknown>): Promise<Refusal | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    const { code, body } = error as { readonly code?: string; readonly body?: { readonly code?: string } };
    return { status: storageStatus(error), code: body?.code ?? code ?? null, reason: reasonOf(error) };
  }
}

/** One line; both SDKs say "aborted" when a deadline has passed. */
export function reasonOf(error: unknown): string {
  const { name, code, message, statusCode } = error as SdkError;
  if (name === "AbortError" || code === "REQUEST_ABORTED_ERROR") return "nothing was heard in time";
  // What Batch answered has its text in an object, and more to say beside it.
  const text = typeof message === "string" ? message : batchError("ask", error).message;
  const first = text
    .split("\n", 1)[0]!
    .replace(/^Could not ask: /, "")
    .replace(/^request to \S+ failed, reason: /, "")
    .trim();
  if (typeof message !== "string") return first;
  const facts = [statusCode, code].filter((fact) => fact !== undefined && !first.includes(String(fact)));
  return facts.length === 0 ? first : `${facts.join(" ")}: ${first}`;
}

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: unknown;
}
