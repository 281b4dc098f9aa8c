/** Bearer tokens of the local cloud: signed like Entra's and verified by whoever is called. */
import { sign, verify } from "jsonwebtoken";
import { z } from "zod";

export interface Caller {
  readonly objectId: string;
  readonly clientId: string;
}

export const tokenLifetimeSeconds = 60 * 60;

/** `key` is the private key, in PEM. */
export function signToken(caller: Caller, audience: string, tenantId: string, key: string): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return sign(
    {
      aud: audience,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: nowSeconds,
      nbf: nowSeconds - 5,
      exp: nowSeconds + tokenLifetimeSeconds,
      oid: caller.objectId,
      sub: caller.objectId,
      appid: caller.clientId,
      tid: tenantId,
      ver: "1.0",
    },
    key,
    { algorithm: "RS256" },
  );
}

/** Throws an Error with the reason when a token was not signed by the key of `cert`, has ended or is meant for another service. */
export function verifyToken(token: string, audience: string, cert: string): Caller {
  const claims = z
    .object({ aud: z.string(), oid: z.string(), appid: z.string() })
    .parse(verify(token, cert, { algorithms: ["RS256"] }));
  // Clients ask with one slash or two at the end ("https://batch.core.windows.net//.default").
  if (withoutSlashes(claims.aud) !== withoutSlashes(audience)) {
    throw new Error(`the token is meant for ${claims.aud}, not for ${audience}`);
  }
  return { objectId: claims.oid, clientId: claims.appid };
}

function withoutSlashes(text: string): string {
  return text.replace(/\/+$/, "");
}
