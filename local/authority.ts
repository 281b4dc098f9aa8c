/**
 * The authority of the local cloud, as far as a pipeline without a secret needs Entra: it tells where it is asked for tokens, and
 * gives one for an assertion that a federated credential matches. Beside it answers the pipelines' own identity provider.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { FederationRefused, federatedPrincipal } from "./federation";
import type { IdentityService } from "./identity";
import { Listener, readBody, respondJson } from "./listener";
import { PipelineTokens, pipelineTokenPath } from "./pipelineTokens";
import { principals } from "./principals";
import { tokenLifetimeSeconds } from "./tokens";

/** OAuth 2.0 with RFC 7523: a client that proves itself by a token of somebody else's. */
const tokenRequest = z.object({
  grant_type: z.literal("client_credentials"),
  client_id: z.string(),
  client_assertion_type: z.literal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
  client_assertion: z.string(),
  scope: z.string(),
});

const mostBodyBytes = 64 * 1024;

export class Authority {
  readonly #pipelineTokens: PipelineTokens;
  readonly #listener: Listener;
  #origin = "";

  constructor(private readonly identity: IdentityService) {
    this.#pipelineTokens = new PipelineTokens(identity.keys.key);
    this.#listener = new Listener((request, response) => this.#answer(request, response), identity.keys);
  }

  async start(port: number): Promise<void> {
    this.#origin = `https://127.0.0.1:${await this.#listener.start(port)}`;
  }

  stop(): Promise<void> {
    return this.#listener.stop();
  }

  /** A job of the pipeline: what its workflow sets, and what GitHub adds. */
  pipelineEnvironment(): Record<string, string> {
    return {
      ARM_USE_OIDC: "true",
      ARM_CLIENT_ID: principals.pipeline.clientId,
      AZURE_AUTHORITY_HOST: this.#origin,
      ARM_DISABLE_INSTANCE_DISCOVERY: "true",
      ...this.#pipelineTokens.environment(this.#origin),
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.#origin);
    const tenant = `/${this.identity.tenantId}`;
    if (request.method === "GET" && pathname === pipelineTokenPath) {
      const { status, body } = this.#pipelineTokens.answer(request, searchParams);
      respondJson(response, status, body);
    } else if (request.method === "GET" && pathname === `${tenant}/v2.0/.well-known/openid-configuration`)
      respondJson(response, 200, this.#configuration());
    else if (request.method === "POST" && pathname === `${tenant}/oauth2/v2.0/token`)
      this.#exchange(await readBody(request, mostBodyBytes), response);
    else
      respondJson(response, 400, {
        error: "invalid_request",
        error_description: `AADSTS90002: ${request.method ?? ""} ${pathname} is not a tenant's token endpoint here.`,
      });
  }

  #configuration(): object {
    const tenant = `${this.#origin}/${this.identity.tenantId}`;
    return {
      issuer: `${tenant}/v2.0`,
      token_endpoint: `${tenant}/oauth2/v2.0/token`,
      // Azure: people sign in there; here: nobody is asked, but clients want the names.
      authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
      jwks_uri: `${tenant}/discovery/v2.0/keys`,
    };
  }

  #exchange(body: string | undefined, response: ServerResponse): void {
    const asked = tokenRequest.safeParse(Object.fromEntries(new URLSearchParams(body)));
    if (!asked.success) {
      respondJson(response, 400, {
        error: "invalid_request",
        error_description: "AADSTS900144: expected client_credentials with a client_assertion and a scope.",
      });
      return;
    }
    const { client_id: clientId, client_assertion: assertion, scope } = asked.data;
    try {
      const principal = federatedPrincipal(clientId, assertion, this.identity.keys.cert);
      // Clients add OpenID's own scopes, and name the resource by its default scope.
      const resource = scope.split(" ").find((each) => each.endsWith("/.default")) ?? scope;
      respondJson(response, 200, {
        token_type: "Bearer",
        expires_in: tokenLifetimeSeconds,
        access_token: this.identity.principalToken(principal, resource.replace(/\/\.default$/, "")),
      });
    } catch (error) {
      if (!(error instanceof FederationRefused)) throw error;
      respondJson(response, 401, { error: "invalid_client", error_description: error.message });
    }
  }
}
