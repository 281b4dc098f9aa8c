import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Environment } from "../../../infra/pipeline/pulumi";
import { withTokenFile } from "../../../infra/pipeline/tokenFile";
import { withIdentityProvider } from "../../support/identityProvider";

const job = { ARM_USE_OIDC: "true", ARM_CLIENT_ID: "client", ARM_TENANT_ID: "tenant" };
const unheard = (line: string): void => {
  throw new Error(`unexpected: ${line}`);
};
const given = (environment: Environment): Promise<Environment> =>
  withTokenFile(environment, unheard, (got) => Promise.resolve(got));

it("gives Pulumi's backend the job's token in a file that only we can read, and takes it away", () =>
  withIdentityProvider(
    () => [200, '{"value":"t"}'],
    async (provider) => {
      const file = await withTokenFile({ ...job, ...provider }, unheard, (got) => {
        expect(got).toMatchObject({ ...job, AZURE_CLIENT_ID: "client", AZURE_TENANT_ID: "tenant" });
        const name = got.AZURE_FEDERATED_TOKEN_FILE!;
        expect(readFileSync(name, "utf8")).toBe("t");
        expect(statSync(name).mode & 0o777).toBe(0o600);
        return Promise.resolve(name);
      });

      expect(existsSync(dirname(file))).toBe(false);
    },
  ));

it("takes the file away when the work fails", () =>
  withIdentityProvider(
    () => [200, '{"value":"t"}'],
    async (provider) => {
      let file = "";
      const failing = withTokenFile({ ...job, ...provider }, unheard, (got) => {
        file = got.AZURE_FEDERATED_TOKEN_FILE!;
        return Promise.reject(new Error("no quota"));
      });

      await expect(failing).rejects.toThrow("no quota");
      expect(existsSync(file)).toBe(false);
    },
  ));

it("changes nothing without OIDC, without a provider, and where a file is named already", async () => {
  const provider = {
    ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:9",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job",
  };
  for (const environment of [
    { ...provider },
    { ...job },
    { ...job, ...provider, AZURE_FEDERATED_TOKEN_FILE: "/mine" },
  ])
    expect(await given(environment)).toBe(environment);
});
