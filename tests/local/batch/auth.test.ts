import { request } from "node:https";
import { BatchSharedKeyCredentials } from "@azure/batch";
import { WebResource } from "@azure/ms-rest-js";
import {
  accountName,
  batchAudience,
  type BatchCloud,
  bearer,
  keys,
  refusal,
  withBatchCloud,
} from "./batchCloud";
import { pool } from "./fixtures";
import { raw } from "./rawRequest";

/** A call without the SDK: what the service says to these headers. */
function bare(
  cloud: BatchCloud,
  path: string,
  headers: Record<string, string>,
  method = "GET",
  body = "",
): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const call = request(`${cloud.url}${path}`, { ca: cloud.certificate, headers, method }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve([response.statusCode ?? 0, body]));
    });
    call.on("error", reject);
    call.end(body);
  });
}

const sharedKey = (key: string, account = accountName): BatchSharedKeyCredentials =>
  new BatchSharedKeyCredentials(account, key);

describe("the Batch service", () => {
  it("accepts calls signed with either key of the account", async () => {
    await withBatchCloud(async (cloud) => {
      for (const key of [keys.primary, keys.secondary])
        expect([...(await cloud.clientWith(sharedKey(key)).pool.list())]).toEqual([]);
    });
  });

  it("verifies signatures over bodies, filters, conditions and ranges", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ displayName: "Ünïcode 'quoted' & more", targetDedicatedNodes: 0 }));

      const poolListOptions = { filter: "id eq 'pool' or startswith(id,'a+b')", maxResults: 5 };
      expect((await client.pool.list({ poolListOptions })).map(({ id }) => id)).toEqual(["pool"]);
      expect((await client.pool.get("pool", { poolGetOptions: { ifMatch: "*" } })).displayName).toContain(
        "Ünï",
      );
      const ranged = client.file.getFromTask("job", "tä sk", "a b/c", {
        fileGetFromTaskOptions: { ocpRange: "bytes=0-1" },
      });
      expect((await refusal(ranged)).status).toBe(404);
    });
  });

  it("accepts what has no body, whether its client signs no length for it, as the SDK does, or the zero that it sends", async () => {
    await withBatchCloud(async (cloud) => {
      for (const verb of ["PUT", "PATCH", "POST", "DELETE"] as const)
        for (const headers of [{}, { "Content-Length": "0" }] as readonly Record<string, string>[])
          expect(
            ((await raw(cloud, verb, "/jobs/job", undefined, headers)).body as { code: string }).code,
          ).toMatch(/^(JobNotFound|InvalidRequestBody|UnsupportedHttpVerb)$/);
    });
  });

  it("refuses a body whose length was not signed", async () => {
    await withBatchCloud(async (cloud) => {
      const path = "/jobs/job?api-version=2022-10-01.16.0";
      const unsigned = new WebResource(cloud.url + path, "PUT");
      await sharedKey(keys.primary).signRequest(unsigned);
      const headers = unsigned.headers.rawHeaders();

      expect((await bare(cloud, path, headers, "PUT"))[1]).toContain("InvalidRequestBody");
      expect((await bare(cloud, path, headers, "PUT", "{}"))[1]).toContain("AuthenticationFailed");
    });
  });

  it("refuses a wrong key and another account's name", async () => {
    await withBatchCloud(async (cloud) => {
      const wrongKey = Buffer.from("another key").toString("base64");
      for (const credentials of [sharedKey(wrongKey), sharedKey(keys.primary, "otheraccount")])
        expect(await refusal(cloud.clientWith(credentials).pool.list())).toMatchObject({
          status: 403,
          code: "AuthenticationFailed",
        });
    });
  });

  it("refuses shared keys where the account is for Entra only", async () => {
    await withBatchCloud(
      async (cloud) => {
        expect(await refusal(cloud.client.pool.list())).toMatchObject({
          status: 403,
          code: "AuthenticationFailed",
        });
        expect([...(await cloud.clientWith(bearer(batchAudience)).pool.list())]).toEqual([]);
      },
      { allowSharedKey: false },
    );
  });

  it("refuses a token for the management plane, as Azure does", async () => {
    await withBatchCloud(async (cloud) => {
      const client = cloud.clientWith(bearer("https://management.azure.com/"));

      expect((await refusal(client.pool.list())).status).toBe(401);
    });
  });

  it("says how to authenticate where nobody did, and refuses what it cannot read or what is too old", async () => {
    await withBatchCloud(async (cloud) => {
      const path = "/pools?api-version=2022-10-01.16.0";
      const old = new Date(Date.now() - 16 * 60_000).toUTCString();

      expect((await bare(cloud, path, {}))[0]).toBe(401);
      expect((await bare(cloud, path, { authorization: "Basic x" }))[1]).toContain(
        "InvalidAuthenticationInfo",
      );
      const [status, body] = await bare(cloud, path, {
        authorization: `SharedKey ${accountName}:c2ln`,
        "ocp-date": old,
      });
      expect([status, body]).toEqual([403, expect.stringContaining("15 minutes")]);
    });
  });

  it("answers to the versions that clients in use send, and refuses others as well as none", async () => {
    await withBatchCloud(async (cloud) => {
      const client = cloud.clientWith(bearer(batchAudience));
      const headers = { authorization: "" };
      for (const version of ["2022-10-01.16.0", "2023-05-01.17.0", "2024-02-01.19.0", "2025-06-01"]) {
        client.apiVersion = version;
        expect([...(await client.pool.list())]).toEqual([]);
      }
      for (const version of ["2022-01-01.15.0", "2025-06-01.21.0", "2026-08-01", "yesterday"]) {
        client.apiVersion = version;
        expect(await refusal(client.pool.list())).toMatchObject({
          status: 400,
          code: "UnsupportedRequestVersion",
          body: { values: [{ value: "api-version" }, { value: version }, { key: "Reason" }] },
        });
      }
      await bearer(batchAudience).signRequest({
        headers: { set: (_: string, value: string) => (headers.authorization = value) },
      } as never);
      expect((await bare(cloud, "/pools", headers))[1]).toContain("MissingRequiredQueryParameter");
    });
  });
});
