import { eventually, refusal } from "./batchCloud";
import { bash, nodesIn, pool } from "./fixtures";
import { sharedCloud } from "./sharedCloud";

const cloud = sharedCloud();

const empty = { certificateReferences: [], applicationPackageReferences: [], metadata: [] };

describe("a pool that is patched", () => {
  it("keeps what is not given, and moves its tag", async () => {
    const { client } = cloud.current;
    const metadata = [{ name: "a", value: "b" }];
    const startTask = { commandLine: "true" };
    await client.pool.add(pool({ id: "patch", targetDedicatedNodes: 0, metadata, startTask }));
    const before = await client.pool.get("patch");
    await eventually("the clock to move on", () => Promise.resolve(Date.now() > Number(before.lastModified)));

    const { eTag } = await client.pool.patch("patch", { metadata: [{ name: "a", value: "c" }] });

    const after = await client.pool.get("patch");
    expect(after).toMatchObject({ metadata: [{ name: "a", value: "c" }], startTask, eTag });
    expect(eTag).not.toBe(before.eTag);
    const stale = client.pool.patch("patch", { metadata }, { poolPatchOptions: { ifMatch: before.eTag } });
    expect((await refusal(stale)).status).toBe(412);
  });

  it("gives its nodes a new start task at their next boot", async () => {
    const { client } = cloud.current;
    await client.pool.add(pool({ id: "boots", startTask: { commandLine: bash("exit 1") } }));
    const [node] = await nodesIn(client, "starttaskfailed", 1, "boots");
    const nodeId = node?.id ?? "";

    await client.pool.patch("boots", { startTask: { commandLine: "true", waitForSuccess: true } });
    expect((await client.computeNode.get("boots", nodeId)).startTask?.commandLine).toContain("exit 1");
    await client.computeNode.reboot("boots", nodeId);

    const [rebooted] = await nodesIn(client, "idle", 1, "boots");
    expect(rebooted?.startTask?.commandLine).toBe("true");
  });
});

describe("a pool whose properties are updated", () => {
  it("loses what is not given", async () => {
    const { client } = cloud.current;
    await client.pool.add(
      pool({
        id: "update",
        targetDedicatedNodes: 0,
        startTask: { commandLine: "true" },
        metadata: [{ name: "a", value: "b" }],
        targetNodeCommunicationMode: "simplified",
      }),
    );

    await client.pool.updateProperties("update", empty);

    const { startTask, metadata, targetNodeCommunicationMode } = await client.pool.get("update");
    expect([startTask, metadata, targetNodeCommunicationMode]).toEqual([undefined, [], undefined]);
  });

  it("is one that is there, and takes only what a pool takes", async () => {
    const { client } = cloud.current;
    await client.pool.add(pool({ id: "refuses", targetDedicatedNodes: 0 }));
    const startTask = { commandLine: "true", maxTaskRetryCount: -2 };

    expect((await refusal(client.pool.updateProperties("nowhere", empty))).code).toBe("PoolNotFound");
    expect((await refusal(client.pool.patch("nowhere", {}))).code).toBe("PoolNotFound");
    expect((await refusal(client.pool.patch("refuses", { startTask }))).code).toBe("InvalidPropertyValue");
    const packages = [{ applicationId: "app" }];
    const refused = client.pool.updateProperties("refuses", {
      ...empty,
      applicationPackageReferences: packages,
    });
    expect(await refusal(refused)).toMatchObject({ status: 501, code: "NotImplemented" });
  });
});
