import { eventually, refusal, withBatchCloud } from "./batchCloud";
import { addJob, bash, completed, nodesIn, pool, runTask, taskIn, textOf } from "./fixtures";

describe("a node", () => {
  it("whose start task fails takes no tasks, and keeps its words", async () => {
    await withBatchCloud(async ({ client }) => {
      const commandLine = bash("echo it is broken >&2; exit 3");
      await client.pool.add(pool({ startTask: { commandLine, waitForSuccess: true, maxTaskRetryCount: 1 } }));
      await addJob(client);
      await client.task.add("job", { id: "task", commandLine: "true" });

      const [node] = await nodesIn(client, "starttaskfailed");

      expect(node?.startTaskInfo).toMatchObject({
        state: "completed",
        result: "failure",
        exitCode: 3,
        retryCount: 1,
        failureInfo: { category: "UserError", code: "FailureExitCode" },
      });
      const stderr = await client.file.getFromComputeNode("pool", node?.id ?? "", "startup/stderr.txt");
      expect(await textOf(stderr)).toBe("it is broken\nit is broken\n");
      expect((await client.task.get("job", "task")).state).toBe("active");
    });
  });

  it("whose start task need not succeed takes tasks all the same", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ startTask: { commandLine: "false", waitForSuccess: false } }));
      await addJob(client);

      expect((await runTask(client, "true")).executionInfo?.result).toBe("success");
    });
  });

  it("runs its start task again when it reboots, in an empty directory, and then the task that was interrupted", async () => {
    await withBatchCloud(async ({ client }) => {
      const start = "ls | wc -l >>$AZ_BATCH_NODE_SHARED_DIR/boots; touch left-behind";
      await client.pool.add(pool({ startTask: { commandLine: bash(start), waitForSuccess: true } }));
      const [node] = await nodesIn(client, "idle");
      const nodeId = node?.id ?? "";
      await addJob(client);
      const script = "[ $(wc -l <$AZ_BATCH_NODE_SHARED_DIR/boots) = 2 ] || sleep 1000";
      await client.task.add("job", { id: "task", commandLine: bash(script) });
      await taskIn(client, "task", "running");

      await client.computeNode.reboot("pool", nodeId);
      const task = await completed(client, "task");

      expect(task.executionInfo).toMatchObject({ result: "success", requeueCount: 1, retryCount: 0 });
      const boots = await client.file.getFromComputeNode("pool", nodeId, "shared/boots");
      expect(await textOf(boots)).toBe("0\n0\n");
      expect((await client.computeNode.get("pool", nodeId)).lastBootTime).not.toEqual(node?.lastBootTime);
    });
  });

  it("whose start task failed gets another try by a reboot", async () => {
    await withBatchCloud(async ({ client }) => {
      const commandLine = bash(
        "[ -e $AZ_BATCH_NODE_SHARED_DIR/tried ] || { touch $AZ_BATCH_NODE_SHARED_DIR/tried; exit 1; }",
      );
      await client.pool.add(pool({ startTask: { commandLine, waitForSuccess: true } }));
      const [node] = await nodesIn(client, "starttaskfailed");

      await client.computeNode.reboot("pool", node?.id ?? "");

      await nodesIn(client, "idle");
    });
  });

  it("ends its tasks for good or waits for them when the reboot says so", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.task.add("job", { id: "ended", commandLine: "sleep 1000" });
      const { nodeInfo } = await taskIn(client, "ended", "running");
      const nodeId = nodeInfo?.nodeId ?? "";

      await client.computeNode.reboot("pool", nodeId, { nodeRebootOption: "terminate" });
      expect((await completed(client, "ended")).executionInfo?.failureInfo?.code).toBe("TaskEnded");

      await client.task.add("job", { id: "awaited", commandLine: "sleep 1" });
      await taskIn(client, "awaited", "running");
      await client.computeNode.reboot("pool", nodeId, { nodeRebootOption: "taskcompletion" });
      expect((await client.computeNode.get("pool", nodeId)).state).toBe("rebooting");
      expect((await completed(client, "awaited")).executionInfo?.result).toBe("success");
      await nodesIn(client, "idle");
    });
  });

  it("does not wait for a start task that runs beside the tasks when it reboots", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ startTask: { commandLine: "sleep 1000", waitForSuccess: false } }));
      const [before] = await nodesIn(client, "idle");

      await client.computeNode.reboot("pool", before?.id ?? "", { nodeRebootOption: "taskcompletion" });

      await eventually("another boot", async () => {
        const [node] = await client.computeNode.list("pool");
        return node?.state === "idle" && node.lastBootTime?.getTime() !== before?.lastBootTime?.getTime();
      });
    });
  });

  it("cannot be rebooted while it starts, and an unknown one is not found", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ startTask: { commandLine: "sleep 1000", waitForSuccess: true } }));
      const [node] = await nodesIn(client, "waitingforstarttask");

      const refused = await refusal(client.computeNode.reboot("pool", node?.id ?? ""));

      expect(refused).toMatchObject({ status: 409, code: "NodeBeingStarted" });
      expect((await refusal(client.computeNode.get("pool", "other"))).code).toBe("NodeNotFound");
      expect((await refusal(client.computeNode.get("other", "other"))).code).toBe("PoolNotFound");
    });
  });

  it("that cannot be made ready is unusable, says why, and can be given back", async () => {
    const admit = (): never => {
      throw new Error("there is no such identity");
    };
    await withBatchCloud(
      async ({ client }) => {
        await client.pool.add(pool());

        const [node] = await nodesIn(client, "unusable");

        expect(node?.errors).toEqual([
          { code: "NodePreparationError", message: expect.stringContaining("no such identity") as string },
        ]);
        await client.pool.deleteMethod("pool");
        await eventually("the pool to go", async () => !(await client.pool.exists("pool")).body);
      },
      { admit },
    );
  });

  it("counts the tasks it ran and shows those it runs", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ taskSlotsPerNode: 4 }));
      await addJob(client);
      await runTask(client, "true", { id: "good" });
      await runTask(client, "false", { id: "bad" });
      await client.task.add("job", { id: "long", commandLine: "sleep 1000", requiredSlots: 3 });
      await taskIn(client, "long", "running");

      const [node] = await client.computeNode.list("pool");

      expect(node).toMatchObject({
        state: "running",
        totalTasksRun: 2,
        totalTasksSucceeded: 1,
        runningTasksCount: 1,
        runningTaskSlotsCount: 3,
        isDedicated: true,
        ipAddress: "10.0.0.4",
      });
      expect(node?.recentTasks?.map((task) => task.taskId)).toEqual(["bad", "good"]);
    });
  });

  it("is idle again when its tasks are done", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await runTask(client, "true");

      await eventually(
        "an idle node",
        async () => (await client.computeNode.list("pool"))[0]?.state === "idle",
      );
    });
  });
});
