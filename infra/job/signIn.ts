/** Credentials that do not work, in one sentence: @azure/identity lists every source it tried, a paragraph each. */

export function isSignInError(error: unknown): boolean {
  return /Credential|Authentication/.test((error as { name?: string }).name ?? "");
}

export const signInAdvice =
  "no Azure credential works here. Sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; " +
  "where IDENTITY_ENDPOINT is set, what it names must answer.";
