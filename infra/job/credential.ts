/**
 * Who we are, by the environment's names alone. With `ARM_USE_OIDC=true`, as azure-native wants it, we exchange a token of the pipeline
 * (an assertion) for one of Entra, and keep no secret; else it is DefaultAzureCredential's choice.
 *
 * Names and order are azure-native's (its auth_azidentity.go): ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH, then GitHub's own
 * ACTIONS_ID_TOKEN_REQUEST_URL with ACTIONS_ID_TOKEN_REQUEST_TOKEN.
 */
import { readFile } from "node:fs/promises";
import {
  ClientAssertionCredential,
  DefaultAzureCredential,
  type AccessToken,
  type GetTokenOptions,
} from "@azure/identity";
import { idTokenOf } from "./idToken";
import { FederatedCredentialError } from "./signIn";

/** A TokenCredential that does not answer with nothing. */
export interface OwnCredential {
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws a sentence when the environment asks for OIDC and does not say enough. */
export function ownCredential(
  // eslint-disable-next-line no-restricted-properties -- as DefaultAzureCredential does: who we are is the environment's to say
  environment: Environment = process.env,
): OwnCredential {
  return environment.ARM_USE_OIDC === "true" ? federated(environment) : new DefaultAzureCredential();
}

function federated(environment: Environment): OwnCredential {
  const credential = new ClientAssertionCredential(
    needed(environment, "ARM_TENANT_ID"),
    needed(environment, "ARM_CLIENT_ID"),
    assertionOf(environment),
    // An authority of one's own (AZURE_AUTHORITY_HOST) is not in Microsoft's list of them; azure-native reads the same name.
    { disableInstanceDiscovery: environment.ARM_DISABLE_INSTANCE_DISCOVERY === "true" },
  );
  return {
    getToken: async (scopes, options) => {
      try {
        return await credential.getToken(scopes, options);
      } catch (error) {
        throw new FederatedCredentialError(error);
      }
    },
  };
}

/** Asked for whenever Entra's own token has ended: GitHub's lives for minutes, a deploy may take hours. */
export function assertionOf(environment: Environment): () => Promise<string> {
  const { ARM_OIDC_TOKEN: token, ARM_OIDC_TOKEN_FILE_PATH: file } = environment;
  if (token !== undefined && token !== "") return () => Promise.resolve(token);
  if (file !== undefined && file !== "") return async () => (await readFile(file, "utf8")).trim();
  const request = {
    url: needed(environment, "ACTIONS_ID_TOKEN_REQUEST_URL"),
    bearer: needed(environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
    audience: environment.ARM_OIDC_AUDIENCE ?? "api://AzureADTokenExchange",
  };
  return () => idTokenOf(request);
}

const howToGet: Readonly<Record<string, string>> = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "In GitHub Actions the job needs `permissions: id-token: write`.",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "In GitHub Actions the job needs `permissions: id-token: write`.",
};

function needed(environment: Environment, name: string): string {
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  throw new Error(`ARM_USE_OIDC is true, but ${name} is not set. ${howToGet[name] ?? ""}`.trimEnd());
}
