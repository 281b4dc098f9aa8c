/** Whether the caller's credential gives tokens for storage and Batch. */
import { probeScopes } from "../clients";
import { ok, wrong, type Check, type Finding } from "./check";

const tokenCheck = (id: string, service: string, scope: string): Check => ({
  id,
  title: `a token for ${service}`,
  anchor: "tokens",
  change:
    "Sign in (az login, az account set) with an account of the subscription's tenant, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and " +
    "AZURE_CLIENT_SECRET of a service principal; where IDENTITY_ENDPOINT is set, what it names must answer.",
  needs: [],
  look: async ({ probes, signal }) => {
    const { token, expiresOnTimestamp } = await probes.token(scope, signal());
    return assessToken(token, expiresOnTimestamp - Date.now());
  },
});

export const tokenChecks: readonly Check[] = [
  tokenCheck("token-storage", "storage", probeScopes.storage),
  tokenCheck("token-batch", "Batch", probeScopes.batch),
];

/** Pure. Only claims that name audience, caller and tenant are quoted; the token itself never is. */
export function assessToken(token: string, leftMs: number): Finding {
  const claims = claimsOf(token);
  const who = [claims.aud && `for ${claims.aud}`, claims.oid && `object id ${claims.oid}`];
  const left = `good for ${Math.round(leftMs / 60_000)} min`;
  const measured = [...who, claims.tid && `tenant ${claims.tid}`, left].filter(Boolean).join(", ");
  return leftMs > 0 ? ok(measured) : wrong(`${measured}: it has ended`);
}

/** RFC 7519: the middle part. A token that is none says nothing of itself. */
export function claimsOf(token: string): {
  readonly aud?: string;
  readonly oid?: string;
  readonly tid?: string;
} {
  try {
    const part = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    const claims = JSON.parse(part) as Record<string, unknown>;
    const text = (name: string): string | undefined =>
      typeof claims[name] === "string" ? claims[name] : undefined;
    return { aud: text("aud"), oid: text("oid"), tid: text("tid") };
  } catch {
    return {};
  }
}
