/**
 * The blob service of one account as its callers see it: HTTPS on the account's public port. It says who calls, asks whether
 * their roles allow it, and passes what is allowed to the Azurite behind it, which believes every token.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent } from "node:https";
import type { Permission } from "../access";
import { blobRequestOf } from "../faults/blobRequest";
import type { Faults } from "../faults/faults";
import { Listener } from "../listener";
import type { Certificate } from "../tls";
import { addressOf, sourceContainer } from "./address";
import { forward } from "./forward";
import { permissionFor, readBlobs } from "./permissions";
import {
  badAuthorization,
  badToken,
  blobNotFound,
  hidden,
  invalidUri,
  keysRefused,
  noAuthentication,
  notImplemented,
  permissionMismatch,
  refusalBody,
  StorageRefusal,
  unavailable,
} from "./refusals";

/** What decides over an account's callers besides their roles. */
export interface AccountStanding {
  /** ARM id: roles are given at it, above it, or at a container below it. */
  readonly id: string;
  readonly allowSharedKeyAccess: boolean;
}

export interface FrontOptions {
  readonly accountName: string;
  /** Asked at every request: it may change. Undefined: nobody may do anything. */
  readonly standing: () => AccountStanding | undefined;
  readonly tenantId: string;
  /** Object id of a bearer token's caller; throws an Error with the reason when the token is no good for storage. */
  readonly verifyToken: (token: string) => string;
  readonly allows: (principalId: string, permission: Permission, scope: string) => boolean;
  /** Faults on purpose; none when missing. */
  readonly faults?: Faults;
  readonly certificate: Certificate;
  readonly publicPort: number;
  readonly azuritePort: number;
}

/** What a fault on purpose looks like. */
const refusalOf = { busy: unavailable, denied: permissionMismatch, missing: blobNotFound };

/** Azurite closes a connection that is idle for 5 s: one that is about to be closed must not get a request. */
const idleConnectionMs = 2500;

export class StorageFront {
  readonly #listener: Listener;
  readonly #agent: Agent;

  constructor(private readonly options: FrontOptions) {
    const { certificate } = options;
    this.#agent = new Agent({ ca: certificate.cert, keepAlive: true, timeout: idleConnectionMs });
    this.#listener = new Listener((request, response) => this.#answer(request, response), certificate);
  }

  async start(): Promise<void> {
    await this.#listener.start(this.options.publicPort);
  }

  /** Cuts what is under way; safe to call twice. */
  async stop(): Promise<void> {
    this.#agent.destroy();
    await this.#listener.stop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#authorize(request);
      const fault = this.options.faults?.blobRequest(blobRequestOf(request.method, request.url));
      if (fault !== undefined) throw refusalOf[fault]();
      await forward(request, response, {
        port: this.options.azuritePort,
        // Azurite finds the account in a host name before the path: the caller's word for it does not count.
        host: `127.0.0.1:${this.options.publicPort}`,
        agent: this.#agent,
      });
    } catch (error) {
      if (!(error instanceof StorageRefusal)) throw error;
      refuse(request, response, error);
    }
  }

  /** Throws a StorageRefusal unless the caller may do what is asked. */
  #authorize(request: IncomingMessage): void {
    const { accountName, tenantId, verifyToken } = this.options;
    const { method = "", url = "" } = request;
    const { authorization } = request.headers;
    const { resource, query } = addressOf(url, accountName);
    const [scheme = "", token = ""] = (authorization ?? "").split(/ +/, 2);
    if (authorization === undefined) {
      if (query.has("sig")) this.#passKeys(query);
      else throw anonymous(request, tenantId);
      return;
    }
    if (scheme.toLowerCase() === "sharedkey" || scheme.toLowerCase() === "sharedkeylite") {
      this.#passKeys(query);
      return;
    }
    if (scheme.toLowerCase() !== "bearer" || token === "") throw badAuthorization();
    const needed = permissionFor(method, resource, query);
    const principalId = this.#principalOf(() => verifyToken(token));
    this.#require(principalId, needed, resource.kind === "service" ? undefined : resource.container);
    const source = request.headers["x-ms-copy-source"];
    if (source === undefined) return;
    if (typeof source !== "string") throw invalidUri();
    const container = sourceContainer(source, accountName);
    if (container !== undefined) this.#require(principalId, readBlobs, container);
  }

  /** Keys, and SAS that keys have signed, are all-powerful and Azurite's to verify; where an account refuses them, no more is asked. */
  #passKeys(query: URLSearchParams): void {
    // Azurite signs these with a key that everybody knows.
    if (query.has("skoid")) throw notImplemented("shared access signatures by a user delegation key");
    if (this.options.standing()?.allowSharedKeyAccess !== true) throw keysRefused();
  }

  #principalOf(verify: () => string): string {
    try {
      return verify();
    } catch (error) {
      throw badToken(this.options.tenantId, error instanceof Error ? error.message : String(error));
    }
  }

  #require(principalId: string, permission: Permission, container: string | undefined): void {
    const id = this.options.standing()?.id;
    if (id === undefined) throw permissionMismatch();
    const scope = container === undefined ? id : `${id}/blobServices/default/containers/${container}`;
    if (!this.options.allows(principalId, permission, scope)) throw permissionMismatch();
  }
}

/** Azure Storage, "Overview: Remediating anonymous read access": no account here allows public access. */
function anonymous(request: IncomingMessage, tenantId: string): StorageRefusal {
  const version = request.headers["x-ms-version"];
  return typeof version === "string" && version >= "2019-12-12" ? noAuthentication(tenantId) : hidden();
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: StorageRefusal): void {
  const requestId = randomUUID();
  const body = refusalBody(refusal, requestId);
  response.writeHead(refusal.status, {
    ...refusal.headers,
    "content-type": "application/xml",
    "content-length": Buffer.byteLength(body),
    "x-ms-request-id": requestId,
    "x-ms-error-code": refusal.code,
    ...(request.headers["x-ms-version"] === undefined
      ? {}
      : { "x-ms-version": request.headers["x-ms-version"] }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
  // A body that nobody reads would keep its sender from reading the answer.
  request.resume();
}
