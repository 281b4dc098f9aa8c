/**
 * The pipeline's token in a file, kept fresh. Pulumi's own backend `azblob://` and its secrets provider `azurekeyvault://` know nothing of
 * `ARM_USE_OIDC`: they sign in as Azure's Go SDK does, by AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idTokenOf } from "../job/idToken";
import type { Environment } from "./pulumi";

/** GitHub's tokens live for five minutes. */
const freshForMs = 4 * 60_000;

/** Runs `use` with an environment that has the file, where there is a token to be had; else with the environment as it is. */
export async function withTokenFile<T>(
  environment: Environment,
  note: (line: string) => void,
  use: (environment: Environment) => Promise<T>,
): Promise<T> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = environment;
  const { ARM_USE_OIDC: useOidc, AZURE_FEDERATED_TOKEN_FILE: given } = environment;
  if (useOidc !== "true" || url === undefined || bearer === undefined || given !== undefined)
    return use(environment);
  const audience = environment.ARM_OIDC_AUDIENCE ?? "api://AzureADTokenExchange";
  const folder = mkdtempSync(join(environment.RUNNER_TEMP ?? tmpdir(), "id-token-"));
  const file = join(folder, "token");
  const write = async (): Promise<void> => {
    writeFileSync(file, await idTokenOf({ url, bearer, audience }), { mode: 0o600 });
  };
  try {
    await write();
    const timer = setInterval(() => {
      write().catch((error: unknown) => note(error instanceof Error ? error.message : String(error)));
    }, freshForMs);
    try {
      return await use({
        ...environment,
        AZURE_CLIENT_ID: environment.ARM_CLIENT_ID,
        AZURE_TENANT_ID: environment.ARM_TENANT_ID,
        AZURE_FEDERATED_TOKEN_FILE: file,
      });
    } finally {
      clearInterval(timer);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
