/** Who we are by the environment, and the pipeline's token by GitHub's protocol, against an identity provider on loopback. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { assertionOf, ownCredential } from "../../infra/job/credential";
import { FederatedCredentialError, isSignInError, signInAdvice } from "../../infra/job/signIn";
import { withIdentityProvider } from "../support/identityProvider";
import { withTemporaryFolder } from "../support/temporaryFolder";

describe("the pipeline's token", () => {
  it("is asked for with the job's own, for Entra, and is another one each time", () =>
    withIdentityProvider(
      (_, calls) => [200, JSON.stringify({ value: `token ${calls}` })],
      async (environment, requests) => {
        const assertion = assertionOf(environment);

        expect([await assertion(), await assertion()]).toEqual(["token 1", "token 2"]);
        expect(requests[0]).toMatchObject({
          method: "GET",
          url: "/token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
          headers: { authorization: "Bearer job" },
        });
      },
    ));

  it("is for another audience where the environment says so", () =>
    withIdentityProvider(
      () => [200, '{"value":"t"}'],
      async (environment, requests) => {
        await assertionOf({ ...environment, ARM_OIDC_AUDIENCE: "api://other" })();

        expect(requests[0]!.url).toContain("audience=api%3A%2F%2Fother");
      },
    ));

  it("is asked for again when the provider stumbles, and not when it refuses", async () => {
    await withIdentityProvider(
      (_, calls) => (calls < 2 ? [503, ""] : [200, '{"value":"late"}']),
      async (environment) => expect(await assertionOf(environment)()).toBe("late"),
    );
    await withIdentityProvider(
      () => [401, ""],
      async (environment, requests) => {
        await expect(assertionOf(environment)()).rejects.toThrow(
          /identity provider \(127\.0\.0\.1:\d+\) gave no token: HTTP 401\./,
        );
        expect(requests).toHaveLength(1);
      },
    );
  });

  it("is not taken from an answer that has none", () =>
    withIdentityProvider(
      () => [200, '{"token":"t"}'],
      async (environment) =>
        expect(assertionOf(environment)()).rejects.toThrow("its answer has no text `value`"),
    ));

  it("comes from the environment or from a file, read again each time, before anybody is asked", () =>
    withTemporaryFolder(async (folder) => {
      const file = join(folder, "token");
      const assertion = assertionOf({ ARM_OIDC_TOKEN_FILE_PATH: file });
      writeFileSync(file, "first\n");
      expect(await assertion()).toBe("first");
      writeFileSync(file, "second");
      expect(await assertion()).toBe("second");

      expect(await assertionOf({ ARM_OIDC_TOKEN: "given", ARM_OIDC_TOKEN_FILE_PATH: file })()).toBe("given");
    }));
});

describe("who we are", () => {
  const complete = {
    ARM_USE_OIDC: "true",
    ARM_TENANT_ID: "tenant",
    ARM_CLIENT_ID: "client",
    ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:9/",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job",
  };

  it.each([
    "ARM_TENANT_ID",
    "ARM_CLIENT_ID",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  ])("cannot be said by OIDC without %s, and an empty one is none", (name) => {
    const said = `ARM_USE_OIDC is true, but ${name} is not set.`;

    expect(() => ownCredential({ ...complete, [name]: undefined })).toThrow(said);
    expect(() => ownCredential({ ...complete, [name]: "" })).toThrow(said);
  });

  it("says which permission a job without a token address lacks", () => {
    expect(() => ownCredential({ ...complete, ACTIONS_ID_TOKEN_REQUEST_URL: undefined })).toThrow(
      "`permissions: id-token: write`",
    );
  });

  it("is DefaultAzureCredential's choice without OIDC", () => {
    expect(ownCredential({ ...complete, ARM_USE_OIDC: "false" }).constructor.name).toBe(
      "DefaultAzureCredential",
    );
    expect(ownCredential({}).constructor.name).toBe("DefaultAzureCredential");
  });

  it("is told in Entra's own sentence where Entra does not take it", () => {
    const error = new FederatedCredentialError(
      new Error(
        "invalid_client: Error(s): 700213 - Timestamp: 2026-01-01 - Description: AADSTS700213: No matching federated identity " +
          "record found for presented assertion subject 'repo:a/b:pull_request'. Trace ID: 1 - Correlation ID: 2",
      ),
    );

    expect(isSignInError(error)).toBe(true);
    expect(signInAdvice(error)).toBe(
      "the pipeline's identity (ARM_CLIENT_ID, by OIDC) cannot sign in: AADSTS700213: No matching federated identity record " +
        "found for presented assertion subject 'repo:a/b:pull_request'.",
    );
  });
});
