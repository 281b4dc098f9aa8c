/**
 * The local cloud's identity service: who exists, and the managed-identity endpoints that hand out tokens in their names
 * (App Service protocol: GET ?api-version=2019-08-01&resource=…[&client_id=…] with X-IDENTITY-HEADER).
 *
 * The principals of principals.ts are there from the start; user-assigned identities come and go with the stack. Each caller
 * gets an endpoint of its own, closed by a secret, that answers only for the identities it was opened for.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { audiences } from "./audiences";
import type { Identities } from "./compute/identities";
import { guidFrom } from "./guid";
import { Listener, respondJson } from "./listener";
import { type PrincipalName, principals } from "./principals";
import { sameSecret } from "./sameSecret";
import type { Table } from "./store";
import { type Caller, signToken, tokenLifetimeSeconds, verifyToken } from "./tokens";

export interface UserAssignedIdentity {
  readonly resourceId: string;
  readonly clientId: string;
  readonly principalId: string;
}

interface Door {
  readonly secret: string;
  readonly answersFor: AnswersFor;
}

/** A node answers for its pool's identities (ARM ids, in lower case), which may be none. */
type AnswersFor =
  | { readonly kind: "principal"; readonly principal: PrincipalName }
  | { readonly kind: "node"; readonly identities: readonly string[] };

const tokenQuery = z.object({
  "api-version": z.literal("2019-08-01"),
  resource: z.string(),
  client_id: z.string().optional(),
  mi_res_id: z.string().optional(),
});

export class IdentityService implements Identities {
  readonly tenantId = guidFrom("tenant of the local cloud");
  readonly subscriptionId = guidFrom("subscription of the local cloud");
  readonly operator: Caller = callerOf("operator");

  readonly #doors = new Map<string, Door>();
  readonly #listener = new Listener((request, response) => this.#answer(request, response));
  #port = 0;

  /** `keys` sign and verify the tokens; `identities` keeps the user-assigned identities by lower-case ARM id. */
  constructor(
    readonly keys: { readonly key: string; readonly cert: string },
    readonly identities: Table<UserAssignedIdentity>,
  ) {}

  async start(port: number): Promise<void> {
    this.#port = await this.#listener.start(port);
  }

  stop(): Promise<void> {
    return this.#listener.stop();
  }

  /** Adds a user-assigned identity. One that is made again is another one, as in Entra. */
  addIdentity(resourceId: string): UserAssignedIdentity {
    const identity = { resourceId, clientId: randomUUID(), principalId: randomUUID() };
    this.identities.put(resourceId.toLowerCase(), identity);
    return identity;
  }

  /** Throws when there is no such identity. */
  ofResource(resourceId: string): UserAssignedIdentity {
    const identity = this.identities.get(resourceId.toLowerCase());
    if (identity === undefined) throw new Error(`there is no user-assigned identity ${resourceId}`);
    return identity;
  }

  removeIdentity(resourceId: string): void {
    this.identities.delete(resourceId.toLowerCase());
  }

  /** The environment by which DefaultAzureCredential speaks for a principal. */
  admitPrincipal(principal: PrincipalName): Record<string, string> {
    return this.#open(`principals/${principal}`, { kind: "principal", principal });
  }

  admit(nodeId: string, identityResourceIds: readonly string[]): Record<string, string> {
    const identities = identityResourceIds.map((id) => id.toLowerCase());
    return this.#open(`nodes/${nodeId}`, { kind: "node", identities });
  }

  dismiss(nodeId: string): void {
    this.#doors.delete(`/nodes/${nodeId}`);
  }

  storageToken(identityResourceId: string): string {
    const { clientId, principalId } = this.ofResource(identityResourceId);
    return this.#token({ clientId, objectId: principalId }, audiences.storage);
  }

  /** A token of the operator, for what the local cloud itself does on storage in the name of its management plane. */
  operatorToken(audience: string): string {
    return this.principalToken("operator", audience);
  }

  principalToken(principal: PrincipalName, audience: string): string {
    return this.#token(callerOf(principal), audience);
  }

  /** Throws an Error with the reason when a bearer token was not made here, has ended or is meant for another service. */
  verify(token: string, audience: string): Caller {
    return verifyToken(token, audience, this.keys.cert);
  }

  #token(caller: Caller, audience: string): string {
    return signToken(caller, audience, this.tenantId, this.keys.key);
  }

  #open(name: string, answersFor: AnswersFor): Record<string, string> {
    const path = `/${name}`;
    const secret = this.#doors.get(path)?.secret ?? randomBytes(24).toString("hex");
    this.#doors.set(path, { secret, answersFor });
    return { IDENTITY_ENDPOINT: `http://127.0.0.1:${this.#port}${path}`, IDENTITY_HEADER: secret };
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const [path = "/", search = ""] = (request.url ?? "/").split("?", 2);
    const door = this.#doors.get(path);
    const header = request.headers["x-identity-header"];
    if (
      request.method !== "GET" ||
      door === undefined ||
      typeof header !== "string" ||
      !sameSecret(header, door.secret)
    ) {
      respondJson(response, 401, {
        statusCode: 401,
        message: "the identity endpoint does not know this caller",
      });
      return;
    }
    const query = tokenQuery.safeParse(Object.fromEntries(new URLSearchParams(search)));
    if (!query.success) {
      respondJson(response, 400, { statusCode: 400, message: "expected ?api-version=2019-08-01&resource=…" });
      return;
    }
    const caller = this.#callerOf(door, query.data);
    if (caller === undefined) {
      respondJson(response, 400, {
        statusCode: 400,
        message: "no managed identity was found for this caller",
      });
      return;
    }
    respondJson(response, 200, {
      access_token: this.#token(caller, query.data.resource),
      client_id: caller.clientId,
      expires_on: String(Math.floor(Date.now() / 1000) + tokenLifetimeSeconds),
      resource: query.data.resource,
      token_type: "Bearer",
    });
  }

  /** Which identity is asked for: the one named, or the only one there is. */
  #callerOf(door: Door, query: z.infer<typeof tokenQuery>): Caller | undefined {
    const candidates: (Caller & { resourceId?: string })[] =
      door.answersFor.kind === "principal"
        ? [callerOf(door.answersFor.principal)]
        : door.answersFor.identities.flatMap((id) => {
            const identity = this.identities.get(id);
            return identity === undefined ? [] : [{ ...identity, objectId: identity.principalId }];
          });
    if (query.client_id !== undefined)
      return candidates.find((caller) => caller.clientId === query.client_id);
    if (query.mi_res_id !== undefined) {
      const asked = query.mi_res_id.toLowerCase();
      return candidates.find((caller) => caller.resourceId?.toLowerCase() === asked);
    }
    return candidates.length === 1 ? candidates[0] : undefined;
  }
}

function callerOf(principal: PrincipalName): Caller {
  const { objectId, clientId } = principals[principal];
  return { objectId, clientId };
}
