/**
 * The ARM side behind loopback HTTPS: creates resources and answers the functions a program calls. Its clients are thin:
 * POST /resources {type, inputs} → {id, outputs}; POST /functions {token, args} → the result; bearer tokens for ARM.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { audiences } from "../audiences";
import type { CloudServices } from "../cloud";
import { Listener, readBody, respondJson } from "../listener";
import type { Certificate } from "../tls";
import { batchAccount } from "./batchAccount";
import { blobContainer } from "./blobContainer";
import { managementPolicy } from "./managementPolicy";
import { pool } from "./pool";
import { resourceGroup } from "./resourceGroup";
import type { Created, Resource, ResourceType } from "./resourceType";
import { roleAssignment } from "./roleAssignment";
import { storageAccount } from "./storageAccount";
import { userAssignedIdentity } from "./userAssignedIdentity";

const resourceTypes: readonly ResourceType[] = [
  resourceGroup,
  storageAccount,
  blobContainer,
  managementPolicy,
  userAssignedIdentity,
  roleAssignment,
  batchAccount,
  pool,
];

/** Azure Resource Manager: requests are limited to 4 MB. */
const mostBodyBytes = 4 * 1024 * 1024;

const createRequest = z.object({ type: z.string(), inputs: z.record(z.string(), z.unknown()) });
const functionRequest = z.object({ token: z.string(), args: z.record(z.string(), z.unknown()) });

/** An answer that is not 200, worded as ARM words it. */
class ArmFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export class ArmServer {
  readonly #listener;
  readonly #resources;

  constructor(
    readonly services: CloudServices,
    certificate: Certificate,
  ) {
    this.#resources = services.store.table<Resource>("resources");
    this.#listener = new Listener((request, response) => this.#answer(request, response), certificate);
  }

  /** Returns the endpoint. */
  async start(port: number): Promise<string> {
    return `https://127.0.0.1:${await this.#listener.start(port)}`;
  }

  /** Also waits for resources that are being created. */
  stop(): Promise<void> {
    return this.#listener.stop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#authorize(request);
      const text = await readBody(request, mostBodyBytes);
      if (text === undefined) throw new ArmFailure(413, "RequestEntityTooLarge", "The request is too large.");
      const body: unknown = JSON.parse(text);
      const result = await this.#route(`${request.method ?? ""} ${request.url ?? ""}`, body);
      respondJson(response, 200, result);
    } catch (error) {
      const failure = asFailure(error);
      respondJson(response, failure.status, { error: { code: failure.code, message: failure.message } });
    }
  }

  #authorize(request: IncomingMessage): void {
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    if (token === undefined) throw new ArmFailure(401, "AuthenticationFailed", "A bearer token is needed.");
    try {
      this.services.identity.verify(token, audiences.arm);
    } catch (error) {
      throw new ArmFailure(401, "InvalidAuthenticationToken", String(error));
    }
  }

  async #route(route: string, body: unknown): Promise<object> {
    switch (route) {
      case "POST /resources":
        return this.#create(createRequest.parse(body));
      case "POST /functions":
        return this.#call(functionRequest.parse(body));
      default:
        throw new ArmFailure(501, "NotImplemented", `${route}: the local cloud does not do this.`);
    }
  }

  async #create({ type: token, inputs }: z.infer<typeof createRequest>): Promise<Created> {
    const type = resourceTypes.find((known) => known.token === token);
    if (type === undefined) {
      throw new ArmFailure(501, "NotImplemented", `the local cloud has no resource type ${token}`);
    }
    const planned = type.plan(inputs, this.services.identity.subscriptionId);
    const { id } = planned;
    if (this.#resources.get(id.toLowerCase()) !== undefined) {
      throw new ArmFailure(409, "Conflict", `cannot create already existing resource '${id}'`);
    }
    const outputs = await planned.create(this.services);
    this.#resources.put(id.toLowerCase(), { id, type: token, inputs, outputs });
    return { id, outputs };
  }

  #call({ token }: z.infer<typeof functionRequest>): object {
    const { operator, subscriptionId, tenantId } = this.services.identity;
    switch (token) {
      case "azure-native:authorization:getClientConfig":
        return { clientId: operator.clientId, objectId: operator.objectId, subscriptionId, tenantId };
      default:
        throw new ArmFailure(501, "NotImplemented", `the local cloud has no function ${token}`);
    }
  }
}

function asFailure(error: unknown): ArmFailure {
  if (error instanceof ArmFailure) return error;
  if (error instanceof z.ZodError)
    return new ArmFailure(400, "InvalidRequestContent", z.prettifyError(error));
  if (error instanceof SyntaxError) return new ArmFailure(400, "InvalidRequestContent", error.message);
  return new ArmFailure(500, "InternalServerError", error instanceof Error ? error.message : String(error));
}
