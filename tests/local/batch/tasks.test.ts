import type { BatchServiceModels } from "@azure/batch";
import { accountName, eventually, refusal, withBatchCloud } from "./batchCloud";
import { addJob, bash, completed, pool, runTask, taskFile, taskIn } from "./fixtures";

describe("a task", () => {
  it("sees the environment and the directories of a Batch node, and nothing of the cloud's own", async () => {
    await withBatchCloud(async ({ client, root }) => {
      await client.pool.add(pool());
      await addJob(client, {
        commonEnvironmentSettings: [
          { name: "A", value: "job" },
          { name: "B", value: "job" },
        ],
      });
      const environmentSettings = [
        { name: "B", value: "task $A" },
        { name: "AZ_BATCH_POOL_ID", value: "mine" },
      ];
      const task = await runTask(client, "env | sort; pwd", { environmentSettings });

      const nodeId = task.nodeInfo?.nodeId ?? "";
      const node = `${root}/pool/${nodeId}`;
      const directory = `${node}/tasks/workitems/job/job-1/task`;
      const lines = (await taskFile(client, "stdout.txt")).trim().split("\n");
      expect(lines.filter((line) => !/^(SHLVL|_|PWD|OLDPWD)=/.test(line))).toEqual([
        "A=job",
        `AZ_BATCH_ACCOUNT_NAME=${accountName}`,
        "AZ_BATCH_ACCOUNT_URL=https://testaccount.local.batch.example",
        "AZ_BATCH_JOB_ID=job",
        `AZ_BATCH_NODE_ID=${nodeId}`,
        "AZ_BATCH_NODE_IS_DEDICATED=true",
        `AZ_BATCH_NODE_MOUNTS_DIR=${node}/tasks/fsmounts`,
        `AZ_BATCH_NODE_ROOT_DIR=${node}/tasks`,
        `AZ_BATCH_NODE_SHARED_DIR=${node}/tasks/shared`,
        `AZ_BATCH_NODE_STARTUP_DIR=${node}/tasks/startup`,
        "AZ_BATCH_POOL_ID=pool",
        `AZ_BATCH_TASK_DIR=${directory}`,
        "AZ_BATCH_TASK_ID=task",
        `AZ_BATCH_TASK_WORKING_DIR=${directory}/wd`,
        "B=task $A",
        `HOME=${node}/home`,
        `IDENTITY_ENDPOINT=http://127.0.0.1/${nodeId}/0`,
        "IDENTITY_HEADER=h",
        "PATH=/usr/bin:/bin",
        `${directory}/wd`,
      ]);
      expect(task.nodeInfo?.taskRootDirectory).toBe("workitems/job/job-1/task");
    });
  });

  it("shows the service's defaults while it waits", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client, { constraints: { maxTaskRetryCount: 4 } });
      await client.task.add("job", { id: "task", commandLine: "true" });

      expect(await client.task.get("job", "TASK")).toMatchObject({
        id: "task",
        state: "active",
        userIdentity: { autoUser: { scope: "pool", elevationLevel: "nonadmin" } },
        constraints: {
          maxWallClockTime: "P10675199DT2H48M5.4775807S",
          retentionTime: "P7D",
          maxTaskRetryCount: 4,
        },
        requiredSlots: 1,
        executionInfo: { retryCount: 0, requeueCount: 0 },
      });
    });
  });

  it("that fails is tried again as often as it may be", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client, { constraints: { maxTaskRetryCount: 1 } });

      const hopeless = await runTask(client, "exit 7", { id: "hopeless" });
      expect(hopeless.executionInfo).toMatchObject({
        result: "failure",
        exitCode: 7,
        retryCount: 1,
        failureInfo: { category: "UserError", code: "FailureExitCode" },
      });

      const stubborn = "echo x >>tries; [ $(wc -l <tries) = 4 ]";
      const lucky = await runTask(client, stubborn, { id: "lucky", constraints: { maxTaskRetryCount: -1 } });
      expect(lucky.executionInfo).toMatchObject({ result: "success", exitCode: 0, retryCount: 3 });
    });
  });

  it("whose program does not exist fails at once and is not tried again", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.task.add("job", {
        id: "task",
        commandLine: "no-such-program --now",
        constraints: { maxTaskRetryCount: 3 },
      });

      const { executionInfo } = await completed(client, "task");

      expect(executionInfo).toMatchObject({
        result: "failure",
        retryCount: 0,
        failureInfo: { code: "CommandProgramNotFound" },
      });
      expect(executionInfo?.exitCode).toBeUndefined();
    });
  });

  it("may remove its own directory, and is tried again in a new one", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);

      const task = await runTask(client, "pwd; rm -rf $AZ_BATCH_TASK_DIR; exit 1", {
        constraints: { maxTaskRetryCount: 1 },
      });

      expect(task.executionInfo).toMatchObject({
        retryCount: 1,
        exitCode: 1,
        failureInfo: { code: "FailureExitCode" },
      });
    });
  });

  it.each([
    ["an empty program name", "''"],
    ["a zero byte", "echo a\u0000b"],
  ])("whose command line holds %s fails for that reason", async (_what, commandLine) => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);

      const task = await runTask(client, "", { commandLine });

      expect(task.executionInfo?.failureInfo).toMatchObject({
        category: "UserError",
        code: "CommandLaunchFailed",
      });
    });
  });

  it("that takes longer than it may is killed with all its processes", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);

      const task = await runTask(client, "echo $$; sleep 1000 & wait", {
        constraints: { maxWallClockTime: "PT0.3S" },
      });

      expect(task.executionInfo).toMatchObject({
        result: "failure",
        exitCode: 143,
        failureInfo: { category: "UserError", code: "TaskEnded" },
      });
    });
  });

  it("can be ended while it runs, and before", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.task.add("job", { id: "running", commandLine: "sleep 1000" });
      await client.task.add("job", { id: "waiting", commandLine: "sleep 1000" });
      await taskIn(client, "running", "running");

      await client.task.terminate("job", "waiting");
      await client.task.terminate("job", "running");

      const waiting = await client.task.get("job", "waiting");
      expect(waiting).toMatchObject({ state: "completed", previousState: "active" });
      expect(waiting.executionInfo).toMatchObject({ result: "failure", failureInfo: { code: "TaskEnded" } });
      expect(waiting.executionInfo?.startTime).toBeUndefined();
      expect(waiting.nodeInfo).toEqual({});
      const running = await client.task.get("job", "running");
      expect(running).toMatchObject({ state: "completed", previousState: "running" });
      expect((await refusal(client.task.terminate("job", "running"))).code).toBe("TaskCompleted");
    });
  });

  it("goes with its files when it is deleted, and its id is free again", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.task.add("job", { id: "task", commandLine: bash("touch mark; sleep 1000") });
      await taskIn(client, "task", "running");

      await client.task.deleteMethod("job", "task");

      expect((await refusal(client.task.get("job", "task"))).code).toBe("TaskNotFound");
      const again = await runTask(client, "ls");
      expect(again.executionInfo?.result).toBe("success");
      expect(await taskFile(client, "stdout.txt")).toBe("");
    });
  });

  it("loses its files when its retention time is over", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await runTask(client, "echo hello", { constraints: { retentionTime: "PT0.2S" } });

      const code = await eventually("the clean-up", async () => {
        const listed = client.file.listFromTask("job", "task").then(() => undefined);
        return listed.catch((error: unknown) => (error as { code: string }).code);
      });

      expect(code).toBe("TaskFilesCleanedup");
      expect((await client.task.get("job", "task")).executionInfo?.result).toBe("success");
    });
  });

  it("runs beside others while its node has slots, and no more", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ taskSlotsPerNode: 3 }));
      await addJob(client);
      for (const [id, requiredSlots] of [
        ["a", 2],
        ["b", 2],
        ["c", 1],
      ] as const)
        await client.task.add("job", { id, commandLine: "sleep 1000", requiredSlots });
      await taskIn(client, "a", "running");
      await taskIn(client, "c", "running");

      expect((await client.task.get("job", "b")).state).toBe("active");
      await client.task.terminate("job", "a");
      await taskIn(client, "b", "running");
    });
  });

  it("is counted by its state", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await runTask(client, "true", { id: "good" });
      await runTask(client, "false", { id: "bad" });
      await client.task.add("job", { id: "long", commandLine: "sleep 1000" });
      await taskIn(client, "long", "running");
      await client.task.add("job", { id: "waits", commandLine: "true", requiredSlots: 2 });

      const counts = await client.job.getTaskCounts("job");

      expect(counts.taskCounts).toEqual({ active: 1, running: 1, completed: 2, succeeded: 1, failed: 1 });
      expect(counts.taskSlotCounts).toEqual({ active: 2, running: 1, completed: 2, succeeded: 1, failed: 1 });
    });
  });

  it.each<[string, Partial<BatchServiceModels.TaskAddParameter>, number, string]>([
    ["an id that is taken", { id: "TAKEN" }, 409, "TaskExists"],
    ["the preparation task's id", { id: "jobpreparation" }, 409, "TaskIdSameAsJobPreparationTask"],
    ["the release task's id", { id: "clean" }, 409, "TaskIdSameAsJobReleaseTask"],
    ["no slots", { requiredSlots: 0 }, 400, "InvalidPropertyValue"],
    [
      "a file outside of its directory",
      { resourceFiles: [{ httpUrl: "http://a/b", filePath: "../b" }] },
      400,
      "InvalidPropertyValue",
    ],
    [
      "a file of two sources",
      { resourceFiles: [{ httpUrl: "http://a/b", storageContainerUrl: "http://a" }] },
      400,
      "InvalidPropertyValue",
    ],
    [
      "dependencies that its job does not use",
      { dependsOn: { taskIds: ["taken"] } },
      400,
      "TaskDependenciesNotSpecifiedOnJob",
    ],
  ])("is refused with %s", async (_what, more, status, code) => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client, {
        jobPreparationTask: { commandLine: "true" },
        jobReleaseTask: { id: "clean", commandLine: "true" },
      });
      await client.task.add("job", { id: "taken", commandLine: "true" });

      const task = { id: "task", commandLine: "true", ...more };
      expect(await refusal(client.task.add("job", task))).toMatchObject({ status, code });
    });
  });
});

describe("a collection of tasks", () => {
  it("is added item by item, whatever becomes of the others", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      await client.task.add("job", { id: "there", commandLine: "true" });

      const { value } = await client.task.addCollection("job", [
        { id: "there", commandLine: "true" },
        { id: "new", commandLine: "true" },
      ]);

      expect(value?.map(({ taskId, status }) => [taskId, status])).toEqual([
        ["there", "ClientError"],
        ["new", "Success"],
      ]);
      expect(value?.[0]?.error).toMatchObject({ code: "TaskExists", message: { lang: "en-US" } });
      expect(value?.[1]?.location).toMatch(/\/jobs\/job\/tasks\/new$/);
    });
  });

  it("is refused as a whole when it is too large", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      const commandLine = `echo ${"x".repeat(600_000)}`;
      const tasks = ["a", "b"].map((id) => ({ id, commandLine }));

      expect(await refusal(client.task.addCollection("job", tasks))).toMatchObject({
        status: 413,
        code: "RequestBodyTooLarge",
      });
    });
  });
});
