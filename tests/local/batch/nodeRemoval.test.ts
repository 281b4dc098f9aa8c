import { writeFileSync } from "node:fs";
import type { BatchServiceModels } from "@azure/batch";
import { eventually, refusal } from "./batchCloud";
import { addJob, bash, completed, nodesIn, pool, taskIn } from "./fixtures";
import { sharedCloud } from "./sharedCloud";

const cloud = sharedCloud();

function steady(poolId: string): Promise<BatchServiceModels.CloudPool> {
  return eventually(`${poolId} to be steady`, async () => {
    const shown = await cloud.current.client.pool.get(poolId);
    return shown.allocationState === "steady" && shown;
  });
}

/** A pool with an idle and a busy node, whose task runs until the file is written. */
async function half(id: string, retentionTime = "P7D"): Promise<{ busy: string; idle: string; go: string }> {
  const { client, root } = cloud.current;
  const go = `${root}/${id}-go`;
  await client.pool.add(pool({ id, targetDedicatedNodes: 2 }));
  await nodesIn(client, "idle", 2, id);
  await addJob(client, { id, poolInfo: { poolId: id } });
  await client.task.add(id, {
    id: "task",
    commandLine: bash(`until [ -e ${go} ]; do sleep 0.02; done`),
    constraints: { retentionTime },
  });
  const busy = (await taskIn(client, "task", "running", id)).nodeInfo?.nodeId ?? "";
  const nodes = await client.computeNode.list(id);
  return { busy, idle: nodes.find((node) => node.id !== busy)?.id ?? "", go };
}

describe("nodes that are removed", () => {
  it("are those that were named, and the pool's target is as much lower", async () => {
    const { client } = cloud.current;
    const { busy, idle, go } = await half("named");
    const before = await steady("named");

    await client.pool.removeNodes("named", { nodeList: [busy.toUpperCase(), busy.toUpperCase()] });

    const after = await steady("named");
    expect(after).toMatchObject({ currentDedicatedNodes: 1, targetDedicatedNodes: 1 });
    expect(after.resizeErrors).toBeUndefined();
    expect(after.eTag).not.toBe(before.eTag);
    expect((await client.computeNode.list("named")).map((node) => node.id)).toEqual([idle]);
    const task = await taskIn(client, "task", "running", "named");
    expect(task).toMatchObject({ nodeInfo: { nodeId: idle }, executionInfo: { requeueCount: 1 } });
    writeFileSync(go, "");
    await completed(client, "task", "named");
  });

  it("with terminate end their tasks", async () => {
    const { client } = cloud.current;
    const { busy } = await half("terminate");

    await client.pool.removeNodes("terminate", { nodeList: [busy], nodeDeallocationOption: "terminate" });

    expect((await completed(client, "task", "terminate")).executionInfo?.failureInfo?.code).toBe("TaskEnded");
    expect(await steady("terminate")).toMatchObject({ currentDedicatedNodes: 1 });
  });

  it("with taskcompletion wait for them, while the pool resizes and refuses to be resized again", async () => {
    const { client } = cloud.current;
    const { busy, idle, go } = await half("completion");
    const nodeDeallocationOption = "taskcompletion" as BatchServiceModels.ComputeNodeDeallocationOption;

    await client.pool.removeNodes("completion", { nodeList: [busy], nodeDeallocationOption });

    expect((await client.computeNode.get("completion", busy)).state).toBe("leavingpool");
    expect(await refusal(client.pool.removeNodes("completion", { nodeList: [idle] }))).toMatchObject({
      status: 409,
      code: "PoolBeingResized",
    });
    writeFileSync(go, "");
    expect((await completed(client, "task", "completion")).executionInfo?.result).toBe("success");
    expect(await steady("completion")).toMatchObject({ currentDedicatedNodes: 1 });
    await nodesIn(client, "idle", 1, "completion");
  });

  it("with retaineddata wait until the files of their tasks have been kept long enough", async () => {
    const { client } = cloud.current;
    const { busy, go } = await half("retained");
    const nodeDeallocationOption = "retaineddata" as BatchServiceModels.ComputeNodeDeallocationOption;
    await client.pool.removeNodes("retained", { nodeList: [busy], nodeDeallocationOption });
    writeFileSync(go, "");
    await completed(client, "task", "retained");
    expect((await client.computeNode.get("retained", busy)).state).toBe("leavingpool");
    expect((await client.file.listFromTask("retained", "task")).length).toBe(3);
    expect((await client.pool.get("retained")).allocationState).toBe("resizing");

    await client.task.deleteMethod("retained", "task");

    expect(await steady("retained")).toMatchObject({ currentDedicatedNodes: 1 });
  });

  it("with retaineddata go when the retention time is over, or stay when the resize is stopped before", async () => {
    const { client } = cloud.current;
    const nodeDeallocationOption = "retaineddata" as BatchServiceModels.ComputeNodeDeallocationOption;
    const short = await half("short", "PT0.2S");
    writeFileSync(short.go, "");
    await client.pool.removeNodes("short", { nodeList: [short.busy], nodeDeallocationOption });
    expect(await steady("short")).toMatchObject({ currentDedicatedNodes: 1 });

    const long = await half("long");
    writeFileSync(long.go, "");
    await completed(client, "task", "long");
    await client.pool.removeNodes("long", { nodeList: [long.busy], nodeDeallocationOption });
    await eventually("the node to be leaving", async () => {
      return (await client.computeNode.get("long", long.busy)).state === "leavingpool";
    });
    await client.pool.stopResize("long");

    expect(await steady("long")).toMatchObject({
      currentDedicatedNodes: 2,
      resizeErrors: [{ code: "ResizeStopped" }],
    });
    await nodesIn(client, "idle", 2, "long");
  });

  it("reboot with retaineddata when the files of their tasks are gone", async () => {
    const { client } = cloud.current;
    const { busy, go } = await half("reboot", "PT0.2S");
    const before = await client.computeNode.get("reboot", busy);

    await client.computeNode.reboot("reboot", busy, { nodeRebootOption: "retaineddata" });
    expect((await client.computeNode.get("reboot", busy)).state).toBe("rebooting");
    writeFileSync(go, "");

    const after = await eventually("another boot", async () => {
      const node = await client.computeNode.get("reboot", busy);
      return node.state === "idle" && node;
    });
    expect(after.lastBootTime).not.toEqual(before.lastBootTime);
    expect((await client.task.get("reboot", "task")).executionInfo?.result).toBe("success");
    expect((await refusal(client.file.listFromTask("reboot", "task"))).code).toBe("TaskFilesCleanedup");
  });

  it("are told apart by kind, so that each kind's target is right", async () => {
    const { client } = cloud.current;
    await client.pool.add(pool({ id: "kinds", targetDedicatedNodes: 1, targetLowPriorityNodes: 2 }));
    const nodes = await nodesIn(client, "idle", 3, "kinds");
    const [spot] = nodes.filter((node) => node.isDedicated === false);

    await client.pool.removeNodes("kinds", { nodeList: [spot?.id ?? ""] });

    expect(await steady("kinds")).toMatchObject({ targetDedicatedNodes: 1, targetLowPriorityNodes: 1 });
    expect((await client.computeNode.list("kinds")).some((node) => node.id === spot?.id)).toBe(false);
  });

  it.each([
    ["that are none of the pool's", { nodeList: ["other"] }, 404, "NodeNotFound"],
    ["that are none at all", { nodeList: [] }, 400, "InvalidPropertyValue"],
    ["in too short a time", { nodeList: ["it"], resizeTimeout: "PT4M" }, 400, "InvalidPropertyValue"],
  ])("cannot be ones %s", async (_what, given, status, code) => {
    const { client } = cloud.current;
    const id = "refuses";
    await client.pool.add(pool({ id })).catch(() => undefined);
    const [node] = await nodesIn(client, "idle", 1, id);
    const nodeList = given.nodeList.map((one) => (one === "it" ? (node?.id ?? "") : one));

    expect(await refusal(client.pool.removeNodes(id, { ...given, nodeList }))).toMatchObject({
      status,
      code,
    });
    expect((await client.pool.get(id)).targetDedicatedNodes).toBe(1);
  });

  it("cannot be more than a hundred at a time, whoever asks", async () => {
    const { client, account } = cloud.current;
    await client.pool.add(pool({ id: "many" }));
    await nodesIn(client, "idle", 1, "many");
    await steady("many");

    const nodeList = Array.from({ length: 101 }, String);
    const refused = expect.objectContaining({ code: "InvalidPropertyValue" }) as Error;
    expect(() => account.nodeRemoval.remove("many", { nodeList })).toThrow(refused);
  });

  it("cannot be those of a pool that scales itself, or of one that is not there", async () => {
    const { client } = cloud.current;
    await client.pool.add({
      ...pool({ id: "formula", targetDedicatedNodes: undefined }),
      enableAutoScale: true,
      autoScaleFormula: "$TargetDedicatedNodes=0;",
    });
    const code = async (poolId: string): Promise<string> =>
      (await refusal(client.pool.removeNodes(poolId, { nodeList: ["node"] }))).code;

    expect(await code("formula")).toBe("OperationInvalidForCurrentState");
    expect(await code("nowhere")).toBe("PoolNotFound");
  });
});

describe("a pool that is deleted", () => {
  it("requeues its tasks, which wait for another of its id", async () => {
    const { client } = cloud.current;
    const { go } = await half("deleted");

    await client.pool.deleteMethod("deleted");
    expect((await refusal(client.pool.deleteMethod("deleted"))).code).toMatch(
      /^Pool(BeingDeleted|NotFound)$/,
    );
    await eventually("the pool to go", async () => !(await client.pool.exists("deleted")).body);
    expect(await client.task.get("deleted", "task")).toMatchObject({
      state: "active",
      executionInfo: { requeueCount: 1 },
    });
    expect((await client.job.get("deleted")).state).toBe("active");

    writeFileSync(go, "");
    await client.pool.add(pool({ id: "deleted" }));

    expect((await completed(client, "task", "deleted")).executionInfo?.result).toBe("success");
  });
});
