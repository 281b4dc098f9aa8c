import { eventually, refusal, withBatchCloud } from "./batchCloud";
import { addJob, bash, completed, jobIn, nodesIn, pool, runTask, taskFile, taskIn, textOf } from "./fixtures";

describe("a job", () => {
  it("shows the service's defaults", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client, { constraints: { maxWallClockTime: "PT90M" } });

      expect(await client.job.get("JOB")).toMatchObject({
        id: "job",
        state: "active",
        priority: 0,
        maxParallelTasks: -1,
        usesTaskDependencies: false,
        onAllTasksComplete: "noaction",
        onTaskFailure: "noaction",
        constraints: { maxWallClockTime: "PT1H30M", maxTaskRetryCount: 0 },
        poolInfo: { poolId: "pool" },
        executionInfo: { poolId: "pool" },
      });
      expect((await refusal(addJob(client, { id: "Job" }))).code).toBe("JobExists");
      expect((await refusal(client.job.get("other"))).code).toBe("JobNotFound");
      const release = { jobReleaseTask: { commandLine: "true" } };
      expect((await refusal(addJob(client, { id: "b", ...release }))).code).toBe("InvalidPropertyValue");
    });
  });

  it("replaces its constraints as a whole when it is patched", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client, { constraints: { maxTaskRetryCount: 5 }, metadata: [{ name: "a", value: "b" }] });

      await client.job.patch("job", { constraints: { maxWallClockTime: "PT1H" }, priority: 7 });

      expect(await client.job.get("job")).toMatchObject({
        constraints: { maxWallClockTime: "PT1H", maxTaskRetryCount: 0 },
        priority: 7,
        metadata: [{ name: "a", value: "b" }],
      });
    });
  });

  it("without tasks is complete the moment it may terminate, and cannot take it back", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client, { onAllTasksComplete: "terminatejob" });

      expect(await jobIn(client, "completed")).toMatchObject({
        previousState: "active",
        executionInfo: { terminateReason: "AllTasksComplete" },
      });
      expect((await refusal(client.job.patch("job", { onAllTasksComplete: "noaction" }))).code).toBe(
        "JobCompleted",
      );
      expect((await refusal(client.task.add("job", { id: "a", commandLine: "true" }))).code).toBe(
        "JobCompleted",
      );
    });
  });

  it("that is terminated ends what runs and leaves what waits", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.task.add("job", { id: "running", commandLine: "sleep 1000" });
      await client.task.add("job", { id: "waiting", commandLine: "true" });
      await taskIn(client, "running", "running");

      await client.job.terminate("job", { terminateReason: "enough" });
      const job = await jobIn(client, "completed");

      expect(job.executionInfo?.terminateReason).toBe("enough");
      expect(job.executionInfo?.endTime).toBeDefined();
      expect((await client.task.get("job", "running")).executionInfo?.failureInfo?.code).toBe("TaskEnded");
      expect((await client.task.get("job", "waiting")).state).toBe("active");
      expect((await refusal(client.job.terminate("job"))).code).toBe("JobCompleted");
    });
  });

  it("ends when its time is over", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client, { constraints: { maxWallClockTime: "PT2S" } });
      await client.task.add("job", { id: "task", commandLine: "sleep 1000" });

      const job = await jobIn(client, "completed");

      expect(job.executionInfo?.terminateReason).toBe("MaxWallClockTimeExpiry");
      expect((await client.task.get("job", "task")).state).toBe("completed");
    });
  });

  it("that is deleted goes with its tasks, and its id is free again", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.task.add("job", { id: "task", commandLine: "sleep 1000" });
      const { nodeInfo } = await taskIn(client, "task", "running");

      await client.job.deleteMethod("job");
      await eventually("the job to go", async () =>
        client.job.get("job").then(
          () => false,
          (error: unknown) => (error as { code: string }).code === "JobNotFound",
        ),
      );

      const names = (await client.file.listFromComputeNode("pool", nodeInfo?.nodeId ?? "")).map(
        (file) => file.name,
      );
      expect(names).toEqual(["applications", "fsmounts", "shared", "startup", "volatile", "workitems"]);
      await addJob(client);
      expect([...(await client.task.list("job"))]).toEqual([]);
    });
  });

  it("runs the tasks of the more important job first", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client, { priority: -5 });
      await addJob(client, { id: "urgent", priority: 5 });
      await client.task.add("job", { id: "task", commandLine: "true" });
      await client.task.add("urgent", { id: "task", commandLine: "true" });
      await client.pool.add(pool());

      const later = await completed(client, "task");

      const sooner = await client.task.get("urgent", "task");
      expect(sooner.executionInfo?.endTime?.getTime()).toBeLessThanOrEqual(
        later.executionInfo?.startTime?.getTime() ?? 0,
      );
    });
  });
});

describe("a job preparation task", () => {
  it("runs once on a node before the job's first task there, and the release task once after the job", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ taskSlotsPerNode: 2 }));
      const [node] = await nodesIn(client, "idle");
      await addJob(client, {
        jobPreparationTask: {
          commandLine: bash("echo prepared >>$AZ_BATCH_NODE_SHARED_DIR/log; echo data >file"),
        },
        jobReleaseTask: {
          commandLine: bash("echo released $AZ_BATCH_TASK_ID >>$AZ_BATCH_NODE_SHARED_DIR/log"),
        },
      });
      const commandLine = bash("cat $AZ_BATCH_JOB_PREP_WORKING_DIR/file");
      await client.task.addCollection(
        "job",
        ["a", "b", "c"].map((id) => ({ id, commandLine })),
      );
      for (const id of ["a", "b", "c"]) await completed(client, id);
      expect(await taskFile(client, "stdout.txt", "c")).toBe("data\n");

      await client.job.terminate("job");
      await jobIn(client, "completed");

      const log = await client.file.getFromComputeNode("pool", node?.id ?? "", "shared/log");
      expect(await textOf(log)).toBe("prepared\nreleased jobrelease\n");
      const [status] = await client.job.listPreparationAndReleaseTaskStatus("job");
      expect(status).toMatchObject({
        poolId: "pool",
        nodeId: node?.id,
        jobPreparationTaskExecutionInfo: {
          state: "completed",
          result: "success",
          exitCode: 0,
          taskRootDirectory: "workitems/job/job-1/jobpreparation",
        },
        jobReleaseTaskExecutionInfo: { state: "completed", result: "success" },
      });
    });
  });

  it("keeps the job's tasks waiting where it fails, and says so in its status", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client, { jobPreparationTask: { commandLine: bash("exit 9") } });
      await client.task.add("job", { id: "task", commandLine: "true" });

      const failed = await eventually("the failure", async () => {
        const [status] = await client.job.listPreparationAndReleaseTaskStatus("job");
        return status?.jobPreparationTaskExecutionInfo?.result === "failure" && status;
      });

      expect(failed.jobPreparationTaskExecutionInfo).toMatchObject({ exitCode: 9, state: "completed" });
      expect(await taskIn(client, "task", "active")).toMatchObject({ executionInfo: { requeueCount: 0 } });
      await addJob(client, { id: "other" });
      await client.task.add("other", { id: "task", commandLine: "true" });
      await eventually(
        "another job's task",
        async () => (await client.task.get("other", "task")).state === "completed",
      );
    });
  });

  it("runs again after a reboot", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      const [node] = await nodesIn(client, "idle");
      const nodeId = node?.id ?? "";
      const prepare = bash("echo x >>$AZ_BATCH_NODE_SHARED_DIR/log");
      await addJob(client, { jobPreparationTask: { commandLine: prepare } });
      await runTask(client, "true", { id: "before" });

      await client.computeNode.reboot("pool", nodeId);
      await runTask(client, "true", { id: "after" });

      expect(await textOf(await client.file.getFromComputeNode("pool", nodeId, "shared/log"))).toBe("x\nx\n");
    });
  });

  it("whose success nobody waits for holds no task up, and runs once all the same", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      const [node] = await nodesIn(client, "idle");
      const prepare = bash("echo x >>$AZ_BATCH_NODE_SHARED_DIR/log; exit 1");
      await addJob(client, { jobPreparationTask: { commandLine: prepare, waitForSuccess: false } });

      for (const id of ["a", "b"])
        expect((await runTask(client, "sleep 0.2", { id })).executionInfo?.result).toBe("success");

      expect(await textOf(await client.file.getFromComputeNode("pool", node?.id ?? "", "shared/log"))).toBe(
        "x\n",
      );
    });
  });

  it("shows its tasks as preparing, and is stopped with its job", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client, { jobPreparationTask: { commandLine: "sleep 1000" } });
      await client.task.add("job", { id: "task", commandLine: "true" });
      await taskIn(client, "task", "preparing");
      expect((await client.job.getTaskCounts("job")).taskCounts.running).toBe(1);

      await client.job.terminate("job");

      await jobIn(client, "completed");
      expect((await client.task.get("job", "task")).state).toBe("completed");
    });
  });

  it("has no status in a job without one", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);

      expect(await refusal(client.job.listPreparationAndReleaseTaskStatus("job"))).toMatchObject({
        status: 409,
        code: "JobPreparationTaskNotSpecified",
      });
    });
  });
});
