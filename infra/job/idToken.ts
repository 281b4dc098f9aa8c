/** A token of the pipeline's own identity provider, by GitHub's protocol: GET with a bearer, the answer is `{value}`. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

export interface IdTokenRequest {
  /** Has a query already. */
  readonly url: string;
  readonly bearer: string;
  readonly audience: string;
}

const answer = z.object({ value: z.string().min(1) });
const answerTimeoutMs = 20_000;
/** The pauses before the second and the third try. */
const pausesMs = [1_000, 3_000];

/** Throws a sentence when it is refused, or does not come in three tries. */
export async function idTokenOf(request: IdTokenRequest): Promise<string> {
  for (let tries = 0; ; tries++) {
    const outcome = await ask(request);
    if (outcome.kind === "token") return outcome.token;
    const pauseMs = outcome.mayPass ? pausesMs[tries] : undefined;
    if (pauseMs === undefined)
      throw new Error(
        `The pipeline's identity provider (${host(request.url)}) gave no token: ${outcome.why}`,
      );
    await sleep(pauseMs);
  }
}

type Outcome =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "none"; readonly why: string; readonly mayPass: boolean };

async function ask({ url, bearer, audience }: IdTokenRequest): Promise<Outcome> {
  const address = new URL(url);
  address.searchParams.set("audience", audience);
  try {
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${bearer}`, accept: "application/json" },
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    if (!response.ok)
      return { kind: "none", why: `HTTP ${response.status}.`, mayPass: response.status >= 500 };
    const parsed = answer.safeParse(await response.json());
    if (parsed.success) return { kind: "token", token: parsed.data.value };
    return { kind: "none", why: "its answer has no text `value`.", mayPass: false };
  } catch (error) {
    return { kind: "none", why: reasonOf(error), mayPass: true };
  }
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as { name?: string; message?: string; cause?: { code?: string } };
  if (name === "TimeoutError") return `no answer within ${answerTimeoutMs / 1000} s.`;
  return `${cause?.code ?? message ?? String(error)}.`;
}

function host(url: string): string {
  return new URL(url).host;
}
