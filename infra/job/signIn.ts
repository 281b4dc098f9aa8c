/** Credentials that do not work, in one sentence: @azure/identity lists every source it tried, a paragraph each. */

export function isSignInError(error: unknown): boolean {
  return /Credential|Authentication/.test((error as { name?: string }).name ?? "");
}

/** What to do about it. */
export function signInAdvice(error: unknown): string {
  return error instanceof FederatedCredentialError
    ? error.message
    : "no Azure credential works here. Sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET; " +
        "where IDENTITY_ENDPOINT is set, what it names must answer.";
}

/** A pipeline's token did not become one of Entra; its message has Entra's own sentence, which names what does not match. */
export class FederatedCredentialError extends Error {
  constructor(cause: unknown) {
    const { message = String(cause) } = cause as { message?: string };
    // @azure/identity puts codes, times and ids around it, which say nothing here.
    const entras = /AADSTS\d+: .*?(?= (?:- )?(?:Trace|Correlation) ID|\r?\n|$)/.exec(message)?.[0];
    super(
      `the pipeline's identity (ARM_CLIENT_ID, by OIDC) cannot sign in: ${entras ?? message.split("\n", 1)[0] ?? ""}`,
      { cause },
    );
    this.name = "FederatedCredentialError";
  }
}
