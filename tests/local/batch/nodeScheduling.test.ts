import { writeFileSync } from "node:fs";
import type { BatchServiceModels } from "@azure/batch";
import { eventually, refusal } from "./batchCloud";
import { addJob, bash, completed, nodesIn, pool, taskIn } from "./fixtures";
import { sharedCloud } from "./sharedCloud";

const cloud = sharedCloud();

/** A pool with one node, and a job whose task runs there until the file is written that the name stands for. */
async function busy(id: string): Promise<{ readonly nodeId: string; readonly go: string }> {
  const { client, root } = cloud.current;
  const go = `${root}/${id}-go`;
  await client.pool.add(pool({ id }));
  const [node] = await nodesIn(client, "idle", 1, id);
  await addJob(client, { id, poolInfo: { poolId: id } });
  await client.task.add(id, { id: "task", commandLine: bash(`until [ -e ${go} ]; do sleep 0.02; done`) });
  await taskIn(client, "task", "running", id);
  return { nodeId: node?.id ?? "", go };
}

const nodeOf = async (poolId: string): Promise<BatchServiceModels.ComputeNode | undefined> =>
  (await cloud.current.client.computeNode.list(poolId))[0];

describe("a node whose scheduling is disabled", () => {
  it("requeues its tasks unless told otherwise, is offline, gets none, and takes them up when it is enabled", async () => {
    const { client } = cloud.current;
    const { nodeId, go } = await busy("requeue");

    await client.computeNode.disableScheduling("requeue", nodeId);

    expect((await nodeOf("requeue"))?.schedulingState).toBe("disabled");
    await nodesIn(client, "offline", 1, "requeue");
    expect(await client.task.get("requeue", "task")).toMatchObject({
      state: "active",
      executionInfo: { requeueCount: 1 },
    });
    const counts = await client.account.listPoolNodeCounts();
    expect(counts.find(({ poolId }) => poolId === "requeue")?.dedicated).toMatchObject({
      offline: 1,
      idle: 0,
    });
    expect((await client.file.listFromComputeNode("requeue", nodeId)).length).toBeGreaterThan(0);
    expect(await refusal(client.computeNode.disableScheduling("requeue", nodeId))).toMatchObject({
      status: 409,
      code: "NodeAlreadyInTargetSchedulingState",
    });
    expect((await refusal(client.computeNode.reboot("requeue", nodeId))).code).toBe(
      "OperationNotValidOnNode",
    );
    writeFileSync(go, "");

    await client.computeNode.enableScheduling("requeue", nodeId);

    await completed(client, "task", "requeue");
    await nodesIn(client, "idle", 1, "requeue");
    expect((await nodeOf("requeue"))?.schedulingState).toBe("enabled");
    expect((await refusal(client.computeNode.enableScheduling("requeue", nodeId))).code).toBe(
      "NodeAlreadyInTargetSchedulingState",
    );
  });

  it("with terminate ends its tasks", async () => {
    const { client } = cloud.current;
    const { nodeId } = await busy("terminate");

    await client.computeNode.disableScheduling("terminate", nodeId, {
      nodeDisableSchedulingOption: "terminate",
    });

    expect((await completed(client, "task", "terminate")).executionInfo?.failureInfo?.code).toBe("TaskEnded");
    await nodesIn(client, "offline", 1, "terminate");
  });

  it("with taskcompletion lets them run to their end", async () => {
    const { client } = cloud.current;
    const { nodeId, go } = await busy("completion");

    await client.computeNode.disableScheduling("completion", nodeId, {
      nodeDisableSchedulingOption: "taskcompletion",
    });
    await client.task.add("completion", { id: "later", commandLine: "true" });

    expect((await nodeOf("completion"))?.state).toBe("running");
    writeFileSync(go, "");
    expect((await completed(client, "task", "completion")).executionInfo?.result).toBe("success");
    await nodesIn(client, "offline", 1, "completion");
    expect((await client.task.get("completion", "later")).state).toBe("active");
  });

  it("is still so after a restart of the service, and can be removed", async () => {
    const { client } = cloud.current;
    await client.pool.add(pool({ id: "restart" }));
    const [node] = await nodesIn(client, "idle", 1, "restart");
    await client.computeNode.disableScheduling("restart", node?.id ?? "");

    await cloud.current.restart();

    const again = cloud.current.client;
    await nodesIn(again, "offline", 1, "restart");
    await again.pool.removeNodes("restart", { nodeList: [node?.id ?? ""] });
    await eventually("the node to go", async () => (await nodeOf("restart")) === undefined);
  });

  it("is one that there is", async () => {
    const { client } = cloud.current;
    await client.pool.add(pool({ id: "none", targetDedicatedNodes: 0 }));

    expect((await refusal(client.computeNode.disableScheduling("none", "other"))).code).toBe("NodeNotFound");
    expect((await refusal(client.computeNode.enableScheduling("other", "other"))).code).toBe("PoolNotFound");
  });
});
