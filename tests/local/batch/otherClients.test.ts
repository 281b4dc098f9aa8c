/** What az and Python's SDK send and the JS SDK does not: numbers as text, parameters without a value, properties of later versions. */
import { createHmac } from "node:crypto";
import { request } from "node:https";
import { accountName, type BatchCloud, keys } from "./batchCloud";
import { nodesIn, pool } from "./fixtures";
import { raw } from "./rawRequest";
import { sharedCloud } from "./sharedCloud";

const cloud = sharedCloud();
const latest = (path: string): string => `${path}?api-version=2025-06-01`;

/** Signs as Python's SDK does, which leaves parameters without a value out of the text. */
function signedByPython(path: string, version: string, date: string): string {
  const text = `GET\n${"\n".repeat(11)}ocp-date:${date}\n/${accountName}${path}\napi-version:${version}`;
  const signature = createHmac("sha256", Buffer.from(keys.primary, "base64")).update(text).digest("base64");
  return `SharedKey ${accountName}:${signature}`;
}

/** Of a call without the SDK. */
function statusOf(
  { url, certificate: ca }: BatchCloud,
  path: string,
  headers: Record<string, string>,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}${path}`, { ca, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on("error", reject).end();
  });
}

describe("the Batch service", () => {
  it("reads a number that az wrote as text, and shows it as a number", async () => {
    const body = { ...pool({ id: "az" }), targetDedicatedNodes: "2", taskSlotsPerNode: "3" };

    expect((await raw(cloud.current, "POST", "/pools", body)).status).toBe(201);

    const { targetDedicatedNodes, taskSlotsPerNode } = await cloud.current.client.pool.get("az");
    expect([targetDedicatedNodes, taskSlotsPerNode]).toEqual([2, 3]);
  });

  it.each(["1.5", "0x10", "2147483648", "", " 1"])("reads no number in the text '%s'", async (number) => {
    const answer = await raw(cloud.current, "POST", "/pools", { ...pool(), targetDedicatedNodes: number });

    expect(answer).toMatchObject({ status: 400, body: { code: "InvalidPropertyValue" } });
  });

  it("accepts a signature over the parameters that have a value, as Python makes it", async () => {
    const date = new Date().toUTCString();
    const authorization = signedByPython("/pools", "2025-06-01", date);
    const get = (query: string): Promise<number | undefined> =>
      statusOf(cloud.current, `/pools?${query}`, { authorization, "ocp-date": date });

    expect(await get("$filter=&api-version=2025-06-01")).toBe(200);
    expect(await get("$filter=a&api-version=2025-06-01")).toBe(403);
  });

  it("keeps what later versions say of machines as it was given, and shows it", async () => {
    const machine = {
      ...pool().virtualMachineConfiguration,
      securityProfile: { securityType: "trustedLaunch", uefiSettings: { vTpmEnabled: true } },
      osDisk: { caching: "readOnly", diskSizeGB: 64 },
    };
    const body = {
      ...pool({ id: "later", targetDedicatedNodes: 0 }),
      virtualMachineConfiguration: machine,
      upgradePolicy: { mode: "manual" },
      resourceTags: { team: "vision" },
    };

    expect((await raw(cloud.current, "POST", latest("/pools"), body)).status).toBe(201);

    const { body: whole } = await raw(cloud.current, "GET", latest("/pools/later"));
    expect(whole).toMatchObject({
      virtualMachineConfiguration: machine,
      upgradePolicy: { mode: "manual" },
      resourceTags: { team: "vision" },
    });
    const selected = await raw(cloud.current, "GET", `${latest("/pools/later")}&$select=id,resourceTags`);
    expect(selected.body).toMatchObject({ id: "later", resourceTags: { team: "vision" } });
  });

  it("asks for no certificates where the version knows none", async () => {
    await cloud.current.client.pool.add(pool({ id: "certain", targetDedicatedNodes: 0 }));
    const body = { applicationPackageReferences: [], metadata: [{ name: "a", value: "b" }] };
    const update = (version: string) =>
      raw(cloud.current, "POST", `/pools/certain/updateproperties?api-version=${version}`, body);

    expect((await update("2025-06-01")).status).toBe(204);
    expect(await update("2024-07-01.20.0")).toMatchObject({
      status: 400,
      body: { code: "MissingRequiredProperty" },
    });
  });

  it("lets a patch of later versions change a pool's name at any time, and its machines only while there are none", async () => {
    const { client } = cloud.current;
    const patch = (id: string, body: object) => raw(cloud.current, "PATCH", latest(`/pools/${id}`), body);
    await client.pool.add(pool({ id: "empty", targetDedicatedNodes: 0 }));
    await client.pool.add(pool({ id: "full" }));
    await nodesIn(client, "idle", 1, "full");

    expect((await patch("full", { displayName: "new" })).status).toBe(200);
    expect((await patch("full", { vmSize: "STANDARD_D2S_V3" })).status).toBe(200);
    expect(await patch("full", { vmSize: "Standard_D4s_v3" })).toMatchObject({
      status: 400,
      body: { code: "PropertyCannotBeUpdated" },
    });
    expect((await patch("empty", { vmSize: "Standard_D4s_v3", taskSlotsPerNode: 4 })).status).toBe(200);
    expect(await client.pool.get("empty")).toMatchObject({ vmSize: "standard_d4s_v3", taskSlotsPerNode: 4 });
    expect(await client.pool.get("full")).toMatchObject({ vmSize: "standard_d2s_v3", displayName: "new" });
  });
});
