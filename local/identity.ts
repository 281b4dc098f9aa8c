/**
 * The local cloud's identity service: who exists, tokens in their names, and the managed-identity endpoints that hand
 * them out (App Service protocol: GET ?api-version=2019-08-01&resource=…[&client_id=…] with X-IDENTITY-HEADER).
 *
 * One operator stands for the person at the terminal; user-assigned identities come and go with the stack. Each caller
 * gets an endpoint of its own, closed by a secret, that answers only for the identities it was opened for.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { sign, verify } from "jsonwebtoken";
import { z } from "zod";
import { audiences } from "./audiences";
import type { Identities } from "./compute/identities";
import { closeServer, listen } from "./listener";
import type { Table } from "./store";

export interface UserAssignedIdentity {
  readonly resourceId: string;
  readonly clientId: string;
  readonly principalId: string;
}

export interface Caller {
  readonly objectId: string;
  readonly clientId: string;
}

interface Door {
  readonly secret: string;
  /** ARM ids, in lower case, of the identities it answers for; the operator's door has none and answers for the operator. */
  readonly identities: readonly string[];
}

const lifetimeSeconds = 60 * 60;
const tokenQuery = z.object({
  "api-version": z.literal("2019-08-01"),
  resource: z.string(),
  client_id: z.string().optional(),
  mi_res_id: z.string().optional(),
});

export class IdentityService implements Identities {
  readonly tenantId = guidFrom("tenant of the local cloud");
  readonly subscriptionId = guidFrom("subscription of the local cloud");
  readonly operator: Caller = {
    objectId: guidFrom("operator of the local cloud"),
    clientId: guidFrom("client of the operator"),
  };

  readonly #doors = new Map<string, Door>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  #port = 0;

  /** `keys` sign and verify the tokens; `identities` keeps the user-assigned identities by lower-case ARM id. */
  constructor(
    readonly keys: { readonly key: string; readonly cert: string },
    readonly identities: Table<UserAssignedIdentity>,
  ) {}

  async start(port: number): Promise<void> {
    this.#port = await listen(this.#server, port);
  }

  async stop(): Promise<void> {
    await closeServer(this.#server);
  }

  /** Adds a user-assigned identity; its ids depend on its ARM id alone. */
  addIdentity(resourceId: string): UserAssignedIdentity {
    const identity = {
      resourceId,
      clientId: guidFrom(`client ${resourceId.toLowerCase()}`),
      principalId: guidFrom(`principal ${resourceId.toLowerCase()}`),
    };
    this.identities.put(resourceId.toLowerCase(), identity);
    return identity;
  }

  /** The environment by which DefaultAzureCredential speaks for the operator. */
  admitOperator(): Record<string, string> {
    return this.#open("operator", []);
  }

  admit(nodeId: string, identityResourceIds: readonly string[]): Record<string, string> {
    return this.#open(`nodes/${nodeId}`, identityResourceIds);
  }

  dismiss(nodeId: string): void {
    this.#doors.delete(`/nodes/${nodeId}`);
  }

  storageToken(identityResourceId: string): string {
    return this.token(this.#identity(identityResourceId), audiences.storage);
  }

  /** A token of the operator, for what the local cloud itself does on storage in the name of its management plane. */
  operatorToken(audience: string): string {
    return this.token(this.operator, audience);
  }

  token(
    caller: { readonly clientId: string } & ({ objectId: string } | { principalId: string }),
    audience: string,
  ): string {
    const objectId = "objectId" in caller ? caller.objectId : caller.principalId;
    const nowSeconds = Math.floor(Date.now() / 1000);
    return sign(
      {
        aud: audience,
        iss: `https://sts.windows.net/${this.tenantId}/`,
        iat: nowSeconds,
        nbf: nowSeconds - 5,
        exp: nowSeconds + lifetimeSeconds,
        oid: objectId,
        sub: objectId,
        appid: caller.clientId,
        tid: this.tenantId,
        ver: "1.0",
      },
      this.keys.key,
      { algorithm: "RS256" },
    );
  }

  /** Throws an Error with the reason when a bearer token was not made here, has ended or is meant for another service. */
  verify(token: string, audience: string): Caller {
    const claims = z
      .object({ aud: z.string(), oid: z.string(), appid: z.string() })
      .parse(verify(token, this.keys.cert, { algorithms: ["RS256"] }));
    // Clients ask with one slash or two at the end ("https://batch.core.windows.net//.default").
    if (withoutSlashes(claims.aud) !== withoutSlashes(audience)) {
      throw new Error(`the token is meant for ${claims.aud}, not for ${audience}`);
    }
    return { objectId: claims.oid, clientId: claims.appid };
  }

  #open(name: string, identityResourceIds: readonly string[]): Record<string, string> {
    const path = `/${name}`;
    const secret = this.#doors.get(path)?.secret ?? randomBytes(24).toString("hex");
    this.#doors.set(path, { secret, identities: identityResourceIds.map((id) => id.toLowerCase()) });
    return { IDENTITY_ENDPOINT: `http://127.0.0.1:${this.#port}${path}`, IDENTITY_HEADER: secret };
  }

  #identity(resourceId: string): UserAssignedIdentity {
    const identity = this.identities.get(resourceId.toLowerCase());
    if (identity === undefined) throw new Error(`there is no user-assigned identity ${resourceId}`);
    return identity;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const door = this.#doors.get(url.pathname);
    const header = request.headers["x-identity-header"];
    if (
      request.method !== "GET" ||
      door === undefined ||
      typeof header !== "string" ||
      !sameSecret(header, door.secret)
    ) {
      respond(response, 401, { statusCode: 401, message: "the identity endpoint does not know this caller" });
      return;
    }
    const query = tokenQuery.safeParse(Object.fromEntries(url.searchParams));
    if (!query.success) {
      respond(response, 400, { statusCode: 400, message: "expected ?api-version=2019-08-01&resource=…" });
      return;
    }
    const caller = this.#callerOf(door, query.data);
    if (caller === undefined) {
      respond(response, 400, { statusCode: 400, message: "no managed identity was found for this caller" });
      return;
    }
    respond(response, 200, {
      access_token: this.token(caller, query.data.resource),
      client_id: caller.clientId,
      expires_on: String(Math.floor(Date.now() / 1000) + lifetimeSeconds),
      resource: query.data.resource,
      token_type: "Bearer",
    });
  }

  /** Which identity is asked for: the one named, or the only one there is. */
  #callerOf(door: Door, query: z.infer<typeof tokenQuery>): Caller | undefined {
    const candidates: (Caller & { resourceId?: string })[] =
      door.identities.length === 0
        ? [this.operator]
        : door.identities.flatMap((id) => {
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

/** A GUID that depends on the text alone, so that a restarted local cloud has the same ids. */
export function guidFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  // RFC 9562: version 8 (custom), variant 10.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function sameSecret(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function withoutSlashes(text: string): string {
  return text.replace(/\/+$/, "");
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
