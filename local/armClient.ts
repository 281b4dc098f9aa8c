/** The user's side of the ARM endpoint: what both ways of applying the stack call. */
import { z } from "zod";

const created = z.object({ id: z.string(), outputs: z.record(z.string(), z.unknown()) });
const failed = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export type CreatedResource = z.infer<typeof created>;

export interface ArmClient {
  create(type: string, inputs: object): Promise<CreatedResource>;
  call(token: string, args: object): Promise<Record<string, unknown>>;
}

/** `getToken` gives a bearer token for ARM. Errors carry ARM's code and message. */
export function armClient(endpoint: string, getToken: () => Promise<string>): ArmClient {
  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(endpoint + path, {
      method: "POST",
      headers: { authorization: `Bearer ${await getToken()}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      // Creating an account starts its service; nothing takes longer.
      signal: AbortSignal.timeout(60_000),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const { error } = failed.parse(answer);
    throw new Error(`${error.code}: ${error.message}`);
  };
  return {
    create: async (type, inputs) => created.parse(await post("/resources", { type, inputs })),
    call: async (token, args) =>
      z.record(z.string(), z.unknown()).parse(await post("/functions", { token, args })),
  };
}
