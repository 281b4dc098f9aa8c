/** Azure Resource Manager as the checks ask it: JSON behind a parser, lists to their end, refusals with their code. */
import { z } from "zod";
import type { Management } from "../job/clients";

/** An answer that is none: ARM's status, code and words. */
export class ArmRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`${status} ${code}: ${message}`);
  }
}

export interface Arm {
  /** Throws an ArmRefusal. `path` starts with a slash and has no query. */
  get<T>(path: string, apiVersion: string, shape: z.ZodType<T>): Promise<T>;
  /** Null where there is none (404). */
  find<T>(path: string, apiVersion: string, shape: z.ZodType<T>): Promise<T | null>;
  /** All pages. */
  list<T>(path: string, apiVersion: string, item: z.ZodType<T>): Promise<readonly T[]>;
  post<T>(path: string, apiVersion: string, body: object, shape: z.ZodType<T>): Promise<T>;
}

const failed = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
/** The longest list asked for, VM sizes of a region, has some hundred items. */
const mostPages = 50;

/** `endpoint`: what the pages of a list link to starts with it. */
export function openArm(endpoint: string, ask: Management["ask"], signal: () => AbortSignal): Arm {
  const base = endpoint.replace(/\/+$/, "");
  const send = async <T>(
    method: "GET" | "POST",
    path: string,
    body: object | undefined,
    shape: z.ZodType<T>,
  ): Promise<T> => {
    const { status, text } = await ask(method, path, body, signal());
    const answer = jsonOf(text);
    if (status < 200 || status > 299) throw refusalOf(status, answer);
    const parsed = shape.safeParse(answer);
    if (!parsed.success)
      throw new Error(`ARM's answer to ${path} is not what was expected: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
  const query = (path: string, apiVersion: string): string => `${path}?api-version=${apiVersion}`;
  const get: Arm["get"] = (path, apiVersion, shape) => send("GET", query(path, apiVersion), undefined, shape);
  return {
    get,
    find: async (path, apiVersion, shape) => {
      try {
        return await get(path, apiVersion, shape);
      } catch (error) {
        if (error instanceof ArmRefusal && error.status === 404) return null;
        throw error;
      }
    },
    list: async (path, apiVersion, item) => {
      const page = z.object({ value: z.array(item), nextLink: z.string().nullish() });
      const all: z.infer<typeof item>[] = [];
      let next: string | null = query(path, apiVersion);
      for (let pages = 0; next !== null && pages < mostPages; pages++) {
        const { value, nextLink }: z.infer<typeof page> = await send("GET", next, undefined, page);
        all.push(...value);
        next = nextLink ? pathOf(nextLink, base) : null;
      }
      return all;
    },
    post: (path, apiVersion, body, shape) => send("POST", query(path, apiVersion), body, shape),
  };
}

/** Pure. A token goes to the endpoint it was asked for and nowhere else. */
function pathOf(link: string, base: string): string {
  if (!link.startsWith(`${base}/`)) throw new Error(`ARM's next page is elsewhere: ${new URL(link).origin}`);
  return link.slice(base.length);
}

function refusalOf(status: number, answer: unknown): ArmRefusal {
  const { error } = failed.safeParse(answer).data ?? { error: { code: "", message: "" } };
  return new ArmRefusal(status, error.code || "without a code", error.message || "no reason was given");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's page: refused by its status, or by the parser
  }
}
