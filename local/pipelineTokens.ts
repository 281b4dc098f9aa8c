/**
 * The identity provider of pipelines, by GitHub's protocol: a job asks an address of its own, with a secret of its own, for a token
 * that says what it is (issuer and subject) to whom it names (audience).
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { sign } from "jsonwebtoken";
import { sameSecret } from "./sameSecret";

export interface PipelineClaims {
  readonly issuer: string;
  readonly subject: string;
}

/** What a job of the pipeline is here. GitHub: the subject of a job in an environment. */
export const pipelineJob: PipelineClaims = {
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:local/object-detection:environment:local",
};

/** GitHub: five minutes, so that a deploy has to ask again. */
const lifetimeSeconds = 5 * 60;

export const pipelineTokenPath = "/pipeline/id-token";

export class PipelineTokens {
  readonly #secret = randomBytes(24).toString("hex");

  /** `key` signs, in PEM. */
  constructor(private readonly key: string) {}

  /** What GitHub sets for a job with `permissions: id-token: write`. */
  environment(origin: string): Record<string, string> {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}${pipelineTokenPath}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.#secret,
    };
  }

  /** The answer to a request for a token: its status and body. */
  answer(
    request: IncomingMessage,
    query: URLSearchParams,
  ): { readonly status: number; readonly body: object } {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (!sameSecret(bearer, this.#secret))
      return { status: 401, body: { message: "this job's token is not known" } };
    const audience = query.get("audience");
    if (audience === null) return { status: 400, body: { message: "expected ?audience=…" } };
    return { status: 200, body: { value: this.issue(pipelineJob, audience) } };
  }

  issue({ issuer, subject }: PipelineClaims, audience: string): string {
    return sign({}, this.key, { algorithm: "RS256", issuer, subject, audience, expiresIn: lifetimeSeconds });
  }
}
