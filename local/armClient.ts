/** The user's side of the ARM endpoint: what both ways of applying the stack call. */
import { z } from "zod";
import { ownCredential } from "../infra/job/credential";
import { audiences } from "./audiences";

const properties = z.record(z.string(), z.unknown());
const checked = z.object({
  inputs: properties,
  failures: z.array(z.object({ property: z.string(), reason: z.string() })),
});
const difference = z.object({
  changes: z.array(
    z.object({ path: z.string(), kind: z.enum(["add", "delete", "update"]), replaces: z.boolean() }),
  ),
  deleteBeforeReplace: z.boolean(),
});
const resource = z.object({ id: z.string(), inputs: properties, outputs: properties });
const failed = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export type Properties = z.infer<typeof properties>;
export type Checked = z.infer<typeof checked>;
export type Difference = z.infer<typeof difference>;
export type ArmResource = z.infer<typeof resource>;

export interface CheckRequest {
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** Empty for a resource that is to be made. */
  readonly olds: object;
  readonly news: object;
  readonly autonaming:
    | { readonly kind: "default" }
    | { readonly kind: "disabled" }
    | { readonly kind: "named"; readonly name: string };
  /** Randomness in hex. */
  readonly seed?: string;
  readonly location?: string;
}

export interface ArmClient {
  check(request: CheckRequest): Promise<Checked>;
  /** `olds` and `news` are inputs. */
  diff(type: string, olds: object, news: object): Promise<Difference>;
  /** Outputs with what is not known yet as unknown; `before` are those of the resource that is to be updated. */
  preview(type: string, inputs: object, before: object | undefined): Promise<Properties>;
  /** `deploy` names the deploy that asks, which says by `settle` that it has ended in order. */
  create(type: string, inputs: object, deploy?: string): Promise<ArmResource>;
  settle(deploy: string): Promise<void>;
  /** Null: it is gone. */
  read(id: string): Promise<ArmResource | null>;
  update(id: string, inputs: object): Promise<ArmResource>;
  delete(id: string): Promise<void>;
  call(token: string, args: object): Promise<Properties>;
}

/** What reading, checking and comparing may take. */
const quickMs = 60_000;
/** What making, changing and removing may take: a service has to start, a pool's tasks have to end. (fetch itself gives up after 5 minutes.) */
const slowMs = 4 * 60_000;

/** The local cloud of this environment. Throws when there is none. Errors carry ARM's code and message. */
export function openArm(environment: Readonly<Record<string, string | undefined>>): ArmClient {
  const endpoint = environment.ARM_RESOURCE_MANAGER_ENDPOINT;
  if (endpoint === undefined)
    throw new Error(
      "ARM_RESOURCE_MANAGER_ENDPOINT is not set: there is no local cloud here. Run inside `npm run local -- exec -- …`, " +
        "or while `npm run local -- serve` runs, after `. .local/env.sh`.",
    );
  const credential = ownCredential(environment);
  return armClient(endpoint, async () => (await credential.getToken(`${audiences.arm}/.default`)).token);
}

function armClient(endpoint: string, getToken: () => Promise<string>): ArmClient {
  const post = async (path: string, body: object, timeoutMs = quickMs): Promise<unknown> => {
    const token = await getToken();
    const asked = async (): Promise<{ response: Response; answer: unknown }> => {
      const response = await fetch(endpoint + path, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { response, answer: await response.json() };
    };
    const { response, answer } = await asked().catch((error: unknown) => {
      throw new Error(unanswered(endpoint, error, timeoutMs), { cause: error });
    });
    if (response.ok) return answer;
    const { error } = failed.parse(answer);
    throw new Error(`Status=${response.status} Code="${error.code}" Message="${error.message}"`);
  };
  return {
    check: async (request) => checked.parse(await post("/resources/check", request)),
    diff: async (type, olds, news) => difference.parse(await post("/resources/diff", { type, olds, news })),
    preview: async (type, inputs, before) =>
      z.object({ outputs: properties }).parse(await post("/resources/preview", { type, inputs, before }))
        .outputs,
    create: async (type, inputs, deploy) =>
      resource.parse(await post("/resources/create", { type, inputs, deploy }, slowMs)),
    settle: async (deploy) => {
      await post("/deploys/settle", { deploy });
    },
    read: async (id) =>
      z.object({ resource: resource.nullable() }).parse(await post("/resources/read", { id })).resource,
    update: async (id, inputs) => resource.parse(await post("/resources/update", { id, inputs }, slowMs)),
    delete: async (id) => {
      await post("/resources/delete", { id }, slowMs);
    },
    call: async (token, args) => properties.parse(await post("/functions", { token, args })),
  };
}

function unanswered(endpoint: string, error: unknown, timeoutMs: number): string {
  if ((error as { name?: string }).name === "TimeoutError")
    return `the local cloud at ${endpoint} did not answer within ${timeoutMs / 1000} s`;
  return `the local cloud at ${endpoint} does not answer; is it still up?`;
}
