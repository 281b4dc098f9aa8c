/**
 * Federated credentials: which tokens of other identity providers speak for a principal. As in Entra, issuer, subject and audience
 * have to be the same letter by letter, and the refusal says which of them is not.
 */
import { decode, verify } from "jsonwebtoken";
import { z } from "zod";
import { pipelineJob } from "./pipelineTokens";
import { type PrincipalName, principals } from "./principals";

export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** What `az ad app federated-credential create` declares. People have none. */
export const federatedCredentials: Readonly<Partial<Record<PrincipalName, FederatedCredential>>> = {
  pipeline: { ...pipelineJob, audience: "api://AzureADTokenExchange" },
};

/** Entra: the codes of its errors, which people look up. */
export class FederationRefused extends Error {
  constructor(
    readonly code: string,
    sentence: string,
  ) {
    super(`AADSTS${code}: ${sentence}`);
  }
}

const claims = z.object({ iss: z.string(), sub: z.string(), aud: z.string(), exp: z.number() });

/** Whom an assertion speaks for. `cert` verifies it. Throws FederationRefused. */
export function federatedPrincipal(clientId: string, assertion: string, cert: string): PrincipalName {
  const name = (Object.keys(federatedCredentials) as PrincipalName[]).find(
    (each) => principals[each].clientId === clientId,
  );
  const credential = name === undefined ? undefined : federatedCredentials[name];
  if (name === undefined || credential === undefined)
    throw new FederationRefused("700016", `Application with identifier '${clientId}' was not found.`);
  const parsed = claims.safeParse(decode(assertion));
  if (!parsed.success) throw new FederationRefused("50027", "JWT token is invalid or malformed.");
  const { iss, sub, aud, exp } = parsed.data;
  if (iss !== credential.issuer)
    throw new FederationRefused("700211", `No matching federated identity record found for issuer '${iss}'.`);
  if (sub !== credential.subject)
    throw new FederationRefused(
      "700213",
      `No matching federated identity record found for subject '${sub}'.`,
    );
  if (aud !== credential.audience)
    throw new FederationRefused(
      "700212",
      `No matching federated identity record found for audience '${aud}'.`,
    );
  if (exp * 1000 <= Date.now())
    throw new FederationRefused("700024", "Client assertion is not within its valid time range.");
  try {
    verify(assertion, cert, { algorithms: ["RS256"] });
  } catch {
    throw new FederationRefused(
      "700027",
      "The certificate's signature of the client assertion is not valid.",
    );
  }
  return name;
}
