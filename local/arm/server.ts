/**
 * The ARM side behind loopback HTTPS: bearer tokens for ARM, and answers or an error as ARM words it. What is below /subscriptions is
 * ARM's own REST API, as far as rest/ has it. The rest is for the thin clients that apply the stack: each call is a POST with JSON. Check,
 * diff and preview change nothing and are asked of it too, so that a type's rules stand in one place.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { audiences } from "../audiences";
import type { CloudServices } from "../cloud";
import { BatchFailure } from "../compute/failure";
import { Listener, readBody, respondJson } from "../listener";
import type { Certificate } from "../tls";
import type { Caller } from "../tokens";
import { typeOf } from "./catalog";
import { check } from "./check";
import { diff } from "./diff";
import { ArmFailure, invalidContent, notImplemented, tooLarge, unauthenticated } from "./failure";
import { callFunction } from "./functions";
import { resourceGroupId } from "./resourceType";
import { previewOutputs, Resources } from "./resources";
import { answerRest, isRest } from "./rest/operations";

/** Azure Resource Manager: requests are limited to 4 MB. */
const mostBodyBytes = 4 * 1024 * 1024;

const properties = z.record(z.string(), z.unknown());
const autonaming = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("default") }),
  z.object({ kind: z.literal("disabled") }),
  z.object({ kind: z.literal("named"), name: z.string() }),
]);
const requests = {
  check: z.object({
    type: z.string(),
    name: z.string(),
    olds: properties,
    news: properties,
    autonaming,
    seed: z.string().optional(),
    location: z.string().optional(),
  }),
  diff: z.object({ type: z.string(), olds: properties, news: properties }),
  preview: z.object({ type: z.string(), inputs: properties, before: properties.optional() }),
  create: z.object({ type: z.string(), inputs: properties, deploy: z.string().optional() }),
  settle: z.object({ deploy: z.string() }),
  update: z.object({ id: z.string(), inputs: properties }),
  one: z.object({ id: z.string() }),
  call: z.object({ token: z.string(), args: properties }),
};

export class ArmServer {
  readonly #listener;
  readonly #resources;

  constructor(
    readonly services: CloudServices,
    certificate: Certificate,
  ) {
    this.#resources = new Resources(services, services.identity.subscriptionId);
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
      const caller = this.#callerOf(request);
      const text = await readBody(request, mostBodyBytes);
      if (text === undefined) throw tooLarge();
      const { method = "", url = "" } = request;
      const whole = new URL(url, "https://127.0.0.1");
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      const { objectId } = caller;
      const result = isRest(whole)
        ? await answerRest(method, whole, {
            objectId,
            body,
            services: this.services,
            resources: this.#resources,
          })
        : await this.#route(`${method} ${url}`, body, caller);
      await this.services.store.written();
      respondJson(response, 200, result);
    } catch (error) {
      const failure = asFailure(error);
      respondJson(response, failure.status, { error: { code: failure.code, message: failure.message } });
    }
  }

  #callerOf(request: IncomingMessage): Caller {
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    if (token === undefined) throw unauthenticated("A bearer token is needed.");
    try {
      return this.services.identity.verify(token, audiences.arm);
    } catch (error) {
      throw unauthenticated(error instanceof Error ? error.message : String(error));
    }
  }

  async #route(route: string, body: unknown, caller: Caller): Promise<object> {
    const resources = this.#resources;
    switch (route) {
      case "POST /resources/check": {
        const { type, ...request } = requests.check.parse(body);
        const { seed, location = this.#groupLocation(request.news) } = request;
        return check(typeOf(type), { ...request, seed, location });
      }
      case "POST /resources/diff": {
        const { type, olds, news } = requests.diff.parse(body);
        return diff(typeOf(type), olds, news);
      }
      case "POST /resources/preview": {
        const { type, inputs, before } = requests.preview.parse(body);
        return { outputs: previewOutputs(typeOf(type), inputs, before) };
      }
      case "POST /resources/create": {
        const { type, inputs, deploy } = requests.create.parse(body);
        return resources.create(type, inputs, caller.objectId, deploy);
      }
      case "POST /resources/update": {
        const { id, inputs } = requests.update.parse(body);
        return resources.update(id, inputs, caller.objectId);
      }
      case "POST /resources/read":
        return {
          resource: (await resources.read(requests.one.parse(body).id, caller.objectId)) ?? null,
        };
      case "POST /resources/delete":
        await resources.delete(requests.one.parse(body).id, caller.objectId);
        return {};
      case "POST /deploys/settle":
        resources.settle(requests.settle.parse(body).deploy);
        return {};
      case "POST /functions": {
        const { token, args } = requests.call.parse(body);
        const { subscriptionId, tenantId } = this.services.identity;
        return callFunction(token, args, { ...caller, subscriptionId, tenantId }, resources);
      }
      default:
        throw notImplemented(`operation ${route}`);
    }
  }

  /** azure-native asks for the resource group where neither resource nor provider has a location. */
  #groupLocation({ resourceGroupName }: Readonly<Record<string, unknown>>): string | undefined {
    if (typeof resourceGroupName !== "string") return undefined;
    const id = resourceGroupId(this.services.identity.subscriptionId, resourceGroupName);
    const location = this.#resources.find(id)?.inputs.location;
    return typeof location === "string" ? location : undefined;
  }
}

function asFailure(error: unknown): ArmFailure {
  if (error instanceof ArmFailure) return error;
  if (error instanceof BatchFailure)
    return new ArmFailure(badRequests.has(error.code) ? 400 : 409, error.code, batchWords(error));
  if (error instanceof z.ZodError) return invalidContent(z.prettifyError(error));
  if (error instanceof SyntaxError) return invalidContent(error.message);
  return new ArmFailure(500, "InternalServerError", error instanceof Error ? error.message : String(error));
}

/** What is wrong whatever there is; Batch's other refusals are conflicts with what there is. */
const badRequests: ReadonlySet<string> = new Set([
  "AutoScalingFormulaSyntaxError",
  "AutoScalingFormulaTooLong",
  "InvalidPropertyValue",
]);

/** Batch puts what is wrong with what into details. */
function batchWords({ message, details }: BatchFailure): string {
  return [message, ...details.map(({ key, value }) => `${key}: ${value}.`)].join(" ");
}
