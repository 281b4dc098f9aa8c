import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchServiceClient, BatchServiceModels } from "@azure/batch";
import { type BatchCloud, eventually, refusal, withBatchCloud } from "./batchCloud";
import { addJob, bash, completed, nodesIn, pool, taskIn } from "./fixtures";

function steady(client: BatchServiceClient, poolId = "pool"): Promise<BatchServiceModels.CloudPool> {
  return eventually(`${poolId} to be steady`, async () => {
    const shown = await client.pool.get(poolId);
    return shown.allocationState === "steady" && shown;
  });
}

/** Two nodes, each with a task that runs until the file `go` is there, or ends at once if it is its second run. */
async function busy({ client, root }: BatchCloud): Promise<{ readonly go: string }> {
  await client.pool.add(pool({ targetDedicatedNodes: 2 }));
  await nodesIn(client, "idle", 2);
  await addJob(client);
  const go = join(root, "go");
  for (const id of ["a", "b"]) {
    const mark = join(root, id);
    const script = `mkdir ${mark} && until [ -e ${go} ]; do sleep 0.05; done; true`;
    await client.task.add("job", { id, commandLine: bash(script) });
    await eventually("the task's mark", () => Promise.resolve(existsSync(mark)));
  }
  return { go };
}

const requeuesOf = async (client: BatchServiceClient): Promise<number> =>
  (await client.task.list("job")).reduce((sum, task) => sum + (task.executionInfo?.requeueCount ?? 0), 0);

describe("a resize", () => {
  it("brings the nodes that are missing, and gives back those that are too many", async () => {
    await withBatchCloud(async ({ client, root }) => {
      const added = await client.pool.add(pool());
      await nodesIn(client, "idle");

      await client.pool.resize("pool", { targetDedicatedNodes: 2, targetLowPriorityNodes: 1 });
      await nodesIn(client, "idle", 3);
      expect(await steady(client)).toMatchObject({
        currentDedicatedNodes: 2,
        targetDedicatedNodes: 2,
        currentLowPriorityNodes: 1,
        targetLowPriorityNodes: 1,
      });
      expect((await client.pool.get("pool")).eTag).not.toBe(added.eTag);
      await client.pool.resize("pool", { targetDedicatedNodes: 0, targetLowPriorityNodes: 0 });

      expect(await steady(client)).toMatchObject({ currentDedicatedNodes: 0, currentLowPriorityNodes: 0 });
      expect([...(await client.computeNode.list("pool"))]).toEqual([]);
      expect(existsSync(join(root, "pool"))).toBe(false);
    });
  });

  it("takes idle nodes first", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ targetDedicatedNodes: 3 }));
      await nodesIn(client, "idle", 3);
      await addJob(client);
      await client.task.add("job", { id: "task", commandLine: "sleep 1000" });
      const { nodeInfo } = await taskIn(client, "task", "running");

      await client.pool.resize("pool", { targetDedicatedNodes: 1 });
      await steady(client);

      expect((await client.computeNode.list("pool")).map(({ id }) => id)).toEqual([nodeInfo?.nodeId]);
      expect((await client.task.get("job", "task")).executionInfo?.requeueCount).toBe(0);
    });
  });

  it("puts the tasks of a node that leaves back by default", async () => {
    await withBatchCloud(async (cloud) => {
      await busy(cloud);

      await cloud.client.pool.resize("pool", { targetDedicatedNodes: 1 });
      await steady(cloud.client);

      expect(await requeuesOf(cloud.client)).toBe(1);
      expect((await cloud.client.task.list("job")).map((task) => task.state).sort()).toEqual([
        "active",
        "running",
      ]);
    });
  });

  it("ends the tasks of a node that leaves when it is told to", async () => {
    await withBatchCloud(async (cloud) => {
      await busy(cloud);

      await cloud.client.pool.resize("pool", {
        targetDedicatedNodes: 1,
        nodeDeallocationOption: "terminate",
      });
      await steady(cloud.client);

      const tasks = await cloud.client.task.list("job");
      expect(tasks.map((task) => task.executionInfo?.failureInfo?.code)).toContain("TaskEnded");
      expect(await requeuesOf(cloud.client)).toBe(0);
    });
  });

  it("waits for the tasks of a node that leaves when it is told to, and starts no more there", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      const { go } = await busy(cloud);

      await client.pool.resize("pool", {
        targetDedicatedNodes: 0,
        nodeDeallocationOption: "taskcompletion",
      });
      await nodesIn(client, "leavingpool", 2);
      await client.task.add("job", { id: "later", commandLine: "true" });
      expect((await client.pool.get("pool")).allocationState).toBe("resizing");
      expect(await refusal(client.pool.resize("pool", { targetDedicatedNodes: 5 }))).toMatchObject({
        status: 409,
        code: "PoolBeingResized",
      });
      writeFileSync(go, "");
      await steady(client);

      for (const id of ["a", "b"])
        expect((await client.task.get("job", id)).executionInfo).toMatchObject({
          result: "success",
          requeueCount: 0,
        });
      expect((await client.task.get("job", "later")).state).toBe("active");
    });
  });

  it("keeps the nodes that still waited to leave when it is stopped, and says so", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      const { go } = await busy(cloud);
      await client.pool.resize("pool", {
        targetDedicatedNodes: 0,
        nodeDeallocationOption: "taskcompletion",
      });
      await nodesIn(client, "leavingpool", 2);

      await client.pool.stopResize("pool");

      const shown = await steady(client);
      expect(shown).toMatchObject({ currentDedicatedNodes: 2, resizeErrors: [{ code: "ResizeStopped" }] });
      await nodesIn(client, "running", 2);
      writeFileSync(go, "");
      await completed(client, "a");
      await nodesIn(client, "idle", 2);
      expect((await refusal(client.pool.stopResize("pool"))).status).toBe(409);
    });
  });

  it("that is stopped before nodes have come leaves the pool without them", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool({ targetDedicatedNodes: 3 }));

        await client.pool.stopResize("pool");

        expect(await steady(client)).toMatchObject({
          currentDedicatedNodes: 0,
          targetDedicatedNodes: 3,
          resizeErrors: [{ code: "ResizeStopped" }],
        });
      },
      { nodeBootMs: 60_000 },
    );
  });

  it.each<[string, BatchServiceModels.PoolResizeParameter, number, string]>([
    ["a negative target", { targetDedicatedNodes: -1 }, 400, "InvalidPropertyValue"],
    ["a short timeout", { resizeTimeout: "PT1M" }, 400, "InvalidPropertyValue"],
  ])("is refused with %s", async (_what, to, status, code) => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ targetDedicatedNodes: 0 }));

      expect(await refusal(client.pool.resize("pool", to))).toMatchObject({ status, code });
    });
  });

  it("is refused for a pool that scales by a formula", async () => {
    await withBatchCloud(async ({ client }) => {
      const formula = { enableAutoScale: true, autoScaleFormula: "$TargetDedicatedNodes=1;" };
      await client.pool.add(pool({ targetDedicatedNodes: undefined, ...formula }));

      expect(await refusal(client.pool.resize("pool", { targetDedicatedNodes: 1 }))).toMatchObject({
        status: 409,
        code: "OperationInvalidForCurrentState",
      });
    });
  });

  it("does not hold a deletion of its pool up", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await busy(cloud);
      await client.pool.resize("pool", {
        targetDedicatedNodes: 0,
        nodeDeallocationOption: "taskcompletion",
      });
      await nodesIn(client, "leavingpool", 2);

      await client.pool.deleteMethod("pool");

      await eventually("the pool to go", async () => !(await client.pool.exists("pool")).body);
      expect(await requeuesOf(client)).toBe(2);
    });
  });

  it("is taken up again when the service starts again", async () => {
    await withBatchCloud(async (cloud) => {
      await busy(cloud);
      await cloud.client.pool.resize("pool", {
        targetDedicatedNodes: 1,
        nodeDeallocationOption: "taskcompletion",
      });
      await eventually("a node to be leaving", async () =>
        (await cloud.client.computeNode.list("pool")).some((node) => node.state === "leavingpool"),
      );

      await cloud.restart();

      expect(await steady(cloud.client)).toMatchObject({
        currentDedicatedNodes: 1,
        targetDedicatedNodes: 1,
      });
      await completed(cloud.client, "a");
      await completed(cloud.client, "b");
    });
  });
});

describe("a quota", () => {
  it("of cores lets as many nodes come as fit, and names itself; more come when others have left", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool({ id: "other" }));
        await steady(client, "other");

        await client.pool.add(pool({ targetDedicatedNodes: 3, targetLowPriorityNodes: 1 }));

        expect(await steady(client)).toMatchObject({
          currentDedicatedNodes: 2,
          targetDedicatedNodes: 3,
          currentLowPriorityNodes: 1,
          resizeErrors: [
            {
              code: "AccountCoreQuotaReached",
              message: "The specified account has reached core quota",
            },
          ],
        });
        await client.pool.resize("other", { targetDedicatedNodes: 0 });
        await steady(client, "other");
        expect((await client.pool.get("pool")).currentDedicatedNodes).toBe(2);
        await client.pool.resize("pool", { targetDedicatedNodes: 3 });
        const shown = await steady(client);
        expect(shown.currentDedicatedNodes).toBe(3);
        expect(shown.resizeErrors).toBeUndefined();
      },
      { quotas: { dedicatedCoreQuota: 7 } },
    );
  });

  it("of low-priority cores has a name of its own", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool({ targetDedicatedNodes: 2, targetLowPriorityNodes: 3 }));

        expect(await steady(client)).toMatchObject({
          currentDedicatedNodes: 2,
          currentLowPriorityNodes: 2,
          targetLowPriorityNodes: 3,
          resizeErrors: [{ code: "AccountLowPriorityCoreQuotaReached" }],
        });
      },
      { quotas: { lowPriorityCoreQuota: 5 } },
    );
  });

  it("of active jobs refuses one more until one has ended", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await addJob(client);
        await addJob(client, { id: "second" });
        const third = { id: "third" };
        expect(await refusal(addJob(client, third))).toMatchObject({
          status: 409,
          code: "ActiveJobAndScheduleQuotaReached",
        });

        await client.job.terminate("second");

        await addJob(client, third);
      },
      { quotas: { activeJobAndJobScheduleQuota: 2 } },
    );
  });

  it("of pools refuses one more", async () => {
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool({ targetDedicatedNodes: 0 }));

        expect(await refusal(client.pool.add(pool({ id: "second" })))).toMatchObject({
          status: 409,
          code: "PoolQuotaReached",
        });
      },
      { quotas: { poolQuota: 1 } },
    );
  });

  it("makes no more nodes than the machine has room for, whatever is asked for", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ targetDedicatedNodes: 2 ** 31 - 1 }));

      const resized = await eventually("the resize to end", async () => {
        const shown = await client.pool.get("pool");
        return shown.allocationState === "steady" && shown;
      });
      expect(resized.resizeErrors?.map(({ code }) => code)).toEqual(["AllocationFailed"]);
      expect(resized.currentDedicatedNodes).toBe(1000);
    });
  });
});
