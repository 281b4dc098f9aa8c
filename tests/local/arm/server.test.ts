/** The ARM side as its thin clients see it. */
import { request } from "node:https";
import { audiences } from "../../../local/audiences";
import type { LocalCloud } from "../../../local/cloud";
import { withLocalCloud } from "../../support/localCloud";

interface Answer {
  readonly status: number | undefined;
  readonly body: { readonly error?: { readonly code: string; readonly message: string } } & Record<
    string,
    unknown
  >;
}

/** fetch would not trust the certificate: this process was started before there was one. */
function post(cloud: LocalCloud, path: string, body: object, token: string | undefined): Promise<Answer> {
  const url = new URL(path, cloud.userEnvironment.ARM_RESOURCE_MANAGER_ENDPOINT);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers, ca: cloud.identity.keys.cert }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += String(chunk)));
      response.on("end", () =>
        resolve({ status: response.statusCode, body: JSON.parse(text) as Answer["body"] }),
      );
    });
    sent.once("error", reject);
    sent.end(JSON.stringify(body));
  });
}

const group = {
  type: "azure-native:resources:ResourceGroup",
  inputs: { resourceGroupName: "rg", location: "japaneast" },
};

describe("the ARM side", () => {
  it("creates a resource once, under the id that Azure would give it", () =>
    withLocalCloud(async ({ cloud }) => {
      const token = cloud.identity.operatorToken(audiences.arm);
      const id = `/subscriptions/${cloud.identity.subscriptionId}/resourceGroups/rg`;

      expect(await post(cloud, "/resources", group, token)).toMatchObject({ status: 200, body: { id } });
      expect(await post(cloud, "/resources", group, token)).toMatchObject({
        status: 409,
        body: { error: { code: "Conflict", message: `cannot create already existing resource '${id}'` } },
      });
    }));

  it("answers nobody without a token for ARM", () =>
    withLocalCloud(async ({ cloud }) => {
      const forBatch = cloud.identity.operatorToken(audiences.batch);

      expect((await post(cloud, "/resources", group, undefined)).status).toBe(401);
      expect((await post(cloud, "/resources", group, forBatch)).status).toBe(401);
    }));

  it("refuses by name a type and a function it does not have, and inputs that are wrong", () =>
    withLocalCloud(async ({ cloud }) => {
      const token = cloud.identity.operatorToken(audiences.arm);
      const vault = { type: "azure-native:keyvault:Vault", inputs: {} };
      const account = {
        type: "azure-native:storage:StorageAccount",
        inputs: { resourceGroupName: "rg", accountName: "Not-Allowed" },
      };

      expect(await post(cloud, "/resources", vault, token)).toMatchObject({
        status: 501,
        body: { error: { message: expect.stringContaining("azure-native:keyvault:Vault") as unknown } },
      });
      expect(
        await post(cloud, "/functions", { token: "azure-native:web:getApp", args: {} }, token),
      ).toMatchObject({
        status: 501,
      });
      expect(await post(cloud, "/resources", account, token)).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining("accountName") as unknown } },
      });
    }));
});
