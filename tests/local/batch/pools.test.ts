import type { BatchServiceModels } from "@azure/batch";
import { eventually, refusal, withBatchCloud } from "./batchCloud";
import { addJob, bash, completed, nodesIn, pool, poolWithIdentity, runTask, taskIn } from "./fixtures";

describe("a pool", () => {
  it("shows what it was made of, with the service's defaults and letter case", async () => {
    await withBatchCloud(async ({ client }) => {
      const added = await client.pool.add(
        pool({ displayName: "A pool", metadata: [{ name: "a", value: "b" }], resizeTimeout: "PT06M00S" }),
      );
      await nodesIn(client, "idle");
      const shown = await client.pool.get("POOL");

      expect(shown).toMatchObject({
        id: "pool",
        displayName: "A pool",
        state: "active",
        allocationState: "steady",
        vmSize: "standard_d2s_v3",
        resizeTimeout: "PT6M",
        currentDedicatedNodes: 1,
        targetDedicatedNodes: 1,
        targetLowPriorityNodes: 0,
        taskSlotsPerNode: 1,
        taskSchedulingPolicy: { nodeFillType: "Spread" },
        enableAutoScale: false,
        metadata: [{ name: "a", value: "b" }],
      });
      expect(shown.eTag).toBe(added.eTag);
      expect(shown.eTag).toMatch(/^0x8D[0-9A-F]{13}$/);
    });
  });

  it("exists or does not", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ targetDedicatedNodes: 0 }));

      expect((await client.pool.exists("pool")).body).toBe(true);
      expect((await client.pool.exists("other")).body).toBe(false);
      expect(await refusal(client.pool.get("other"))).toMatchObject({ status: 404, code: "PoolNotFound" });
      expect(await refusal(client.pool.add(pool({ id: "Pool" })))).toMatchObject({
        status: 409,
        code: "PoolExists",
      });
    });
  });

  it("shows its nodes in every state on their way", async () => {
    await withBatchCloud(
      async ({ client }) => {
        const seen = new Set<string>();
        await client.pool.add(pool({ startTask: { commandLine: "sleep 1", waitForSuccess: true } }));
        expect((await client.pool.get("pool")).allocationState).toBe("resizing");
        await eventually("an idle node", async () => {
          const [node] = await client.computeNode.list("pool");
          if (node?.state !== undefined) seen.add(node.state);
          return node?.state === "idle";
        });

        expect([...seen]).toEqual(["creating", "starting", "waitingforstarttask", "idle"]);
      },
      { nodeBootMs: 1800 },
    );
  });

  it("counts its nodes by state", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ targetDedicatedNodes: 2, targetLowPriorityNodes: 1 }));
      await nodesIn(client, "idle", 3);

      const [counts] = await client.account.listPoolNodeCounts();

      expect(counts).toMatchObject({
        poolId: "pool",
        dedicated: { idle: 2, running: 0, total: 2 },
        lowPriority: { idle: 1, total: 1 },
      });
      const accountListPoolNodeCountsOptions = { filter: "poolId eq 'other'" };
      expect([...(await client.account.listPoolNodeCounts({ accountListPoolNodeCountsOptions }))]).toEqual(
        [],
      );
    });
  });

  it("leaves with its nodes, and its tasks wait for another pool of its id", async () => {
    await withBatchCloud(async ({ client, account }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.task.add("job", {
        id: "task",
        commandLine: bash('test -e $HOME/.. && [ -n "$AGAIN" ] || sleep 1000'),
      });
      await taskIn(client, "task", "running");

      await client.pool.deleteMethod("pool");
      await eventually("the pool to go", async () => !(await client.pool.exists("pool")).body);
      const waiting = await client.task.get("job", "task");
      expect(waiting).toMatchObject({ state: "active", executionInfo: { requeueCount: 1 } });
      expect(waiting.nodeInfo).toBeUndefined();

      account.createPool({ ...pool(), identityResourceIds: [] });
      await taskIn(client, "task", "running");
    });
  });

  it("gives a task's processes the identities of its pool", async () => {
    await withBatchCloud(async (cloud) => {
      poolWithIdentity(cloud);
      await addJob(cloud.client);

      await runTask(
        cloud.client,
        "exit $([ $IDENTITY_HEADER = h ] && [[ $IDENTITY_ENDPOINT == */1 ]]; echo $?)",
      );

      expect((await completed(cloud.client, "task")).executionInfo?.exitCode).toBe(0);
      expect((await cloud.client.pool.get("pool")).identity?.type).toBe("UserAssigned");
    });
  });

  it.each<[string, Partial<BatchServiceModels.PoolAddParameter>, number, string]>([
    ["an id with other characters", { id: "a b" }, 400, "InvalidPropertyValue"],
    ["a target and a formula", { enableAutoScale: true, autoScaleFormula: "x" }, 400, "InvalidPropertyValue"],
    ["too many slots", { taskSlotsPerNode: 257 }, 400, "InvalidPropertyValue"],
    ["a short resize timeout", { resizeTimeout: "PT1M" }, 400, "InvalidPropertyValue"],
    ["no machine", { virtualMachineConfiguration: undefined }, 400, "InvalidPropertyValue"],
    [
      "packages, which are not built",
      { applicationPackageReferences: [{ applicationId: "a" }] },
      501,
      "NotImplemented",
    ],
  ])("is refused with %s", async (_what, more, status, code) => {
    await withBatchCloud(async ({ client }) => {
      expect(await refusal(client.pool.add(pool(more)))).toMatchObject({ status, code });
    });
  });
});
