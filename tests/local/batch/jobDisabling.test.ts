import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BatchServiceModels } from "@azure/batch";
import { type BatchCloud, eventually, refusal, withBatchCloud } from "./batchCloud";
import { addJob, bash, completed, jobIn, nodesIn, pool, taskIn } from "./fixtures";

/** A pool, and a job of whose two tasks one runs (for ever, the first time) and one waits. */
async function busy(
  { client, root }: BatchCloud,
  more: Partial<BatchServiceModels.JobAddParameter> = {},
  firstRun = "sleep 1000",
): Promise<void> {
  const ran = join(root, "ran");
  await client.pool.add(pool());
  await addJob(client, more);
  await client.task.add("job", {
    id: "running",
    commandLine: bash(`mkdir ${ran} && { ${firstRun}; }; true`),
  });
  await taskIn(client, "running", "running");
  await eventually("the task's mark", () => Promise.resolve(existsSync(ran)));
  await client.task.add("job", { id: "waiting", commandLine: "true" });
}

describe("a job that is disabled", () => {
  it("with requeue puts its running tasks back, starts none and takes more", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await busy(cloud);
      const before = (await client.job.get("job")).eTag;

      await client.job.disable("job", "requeue");
      const job = await jobIn(client, "disabled");

      expect(job).toMatchObject({ previousState: "disabling" });
      expect(job.eTag).not.toBe(before);
      expect(await client.task.get("job", "running")).toMatchObject({
        state: "active",
        previousState: "running",
        executionInfo: { requeueCount: 1 },
      });
      await client.task.add("job", { id: "later", commandLine: "true" });
      await addJob(client, { id: "other" });
      await client.task.add("other", { id: "task", commandLine: "true" });
      await eventually(
        "another job's task on the same node",
        async () => (await client.task.get("other", "task")).state === "completed",
      );
      expect((await client.task.list("job")).map((task) => task.state)).toEqual(Array(3).fill("active"));
    });
  });

  it("with terminate ends its running tasks and leaves those that wait", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await busy(cloud);

      await client.job.disable("job", "terminate");
      await jobIn(client, "disabled");

      expect(await client.task.get("job", "running")).toMatchObject({
        state: "completed",
        executionInfo: { result: "failure", failureInfo: { code: "TaskEnded" } },
      });
      expect((await client.task.get("job", "waiting")).state).toBe("active");
    });
  });

  it("with wait is disabling until its running tasks have ended by themselves", async () => {
    await withBatchCloud(async (cloud) => {
      const { client, root } = cloud;
      const go = join(root, "go");
      await busy(cloud, {}, `until [ -e ${go} ]; do sleep 0.05; done`);

      await client.job.disable("job", "wait");
      expect((await client.job.get("job")).state).toBe("disabling");
      expect((await client.task.get("job", "running")).state).toBe("running");
      writeFileSync(go, "");
      await jobIn(client, "disabled");

      expect((await completed(client, "running")).executionInfo?.result).toBe("success");
      expect((await client.task.get("job", "waiting")).state).toBe("active");
    });
  });

  it("is dealt with by the newest word when it is disabled again", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await busy(cloud);

      await client.job.disable("job", "wait");
      await client.job.disable("job", "requeue");
      await jobIn(client, "disabled");
      await client.job.disable("job", "wait");
      await jobIn(client, "disabled");

      expect((await client.task.get("job", "running")).executionInfo?.requeueCount).toBe(1);
    });
  });

  it("goes on when it is enabled, and ends with its tasks", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.job.disable("job", "requeue");
      await jobIn(client, "disabled");
      await client.task.add("job", { id: "task", commandLine: "true" });
      await client.job.patch("job", { onAllTasksComplete: "terminatejob" });

      await client.job.enable("job");

      await completed(client, "task");
      expect((await jobIn(client, "completed")).executionInfo?.terminateReason).toBe("AllTasksComplete");
      expect(await refusal(client.job.disable("job", "wait"))).toMatchObject({
        status: 409,
        code: "JobCompleted",
      });
    });
  });

  it("can be terminated", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await busy(cloud);
      await client.job.disable("job", "wait");

      await client.job.terminate("job");

      expect((await jobIn(client, "completed")).previousState).toBe("disabling");
      expect((await client.task.get("job", "running")).state).toBe("completed");
    });
  });

  it("is not what an active job can be enabled from", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);

      expect(await refusal(client.job.enable("job"))).toMatchObject({
        status: 409,
        code: "OperationInvalidForCurrentState",
      });
    });
  });

  it("stays with those who read it last, where they say so", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      const { eTag } = await client.job.get("job");
      await new Promise((later) => setTimeout(later, 5));
      await client.job.patch("job", { priority: 1 });

      const stale = client.job.disable("job", "requeue", { jobDisableOptions: { ifMatch: eTag } });

      expect(await refusal(stale)).toMatchObject({ status: 412, code: "ConditionNotMet" });
    });
  });
});

describe("a job that moves to another pool", () => {
  it("must be disabled for it; then its tasks run there, prepared there, and both pools' nodes are released", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      const log = join(cloud.root, "log");
      await client.pool.add(pool({ id: "second" }));
      await busy(cloud, {
        jobPreparationTask: { commandLine: bash(`echo prepared $AZ_BATCH_POOL_ID >>${log}`) },
        jobReleaseTask: { commandLine: bash(`echo released $AZ_BATCH_POOL_ID >>${log}`) },
      });
      const poolInfo = { poolId: "second" };
      expect(await refusal(client.job.patch("job", { poolInfo }))).toMatchObject({
        status: 409,
        code: "OperationInvalidForCurrentState",
      });
      await client.job.disable("job", "requeue");
      await jobIn(client, "disabled");

      await client.job.patch("job", { poolInfo });
      await client.job.enable("job");

      const task = await completed(client, "waiting");
      expect(task.nodeInfo?.poolId).toBe("second");
      expect(await client.job.get("job")).toMatchObject({
        poolInfo,
        executionInfo: poolInfo,
        state: "active",
      });
      await client.job.terminate("job");
      await jobIn(client, "completed");
      const status = await client.job.listPreparationAndReleaseTaskStatus("job");
      expect(status.map((one) => one.poolId).sort()).toEqual(["pool", "second"]);
      for (const { jobReleaseTaskExecutionInfo } of status)
        expect(jobReleaseTaskExecutionInfo?.result).toBe("success");
    });
  });

  it("takes an update for it as well, which puts everything it does not name back to its default", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client, { priority: 5, metadata: [{ name: "a", value: "b" }] });
      await client.job.update("job", { poolInfo: { poolId: "pool" } });
      expect(await client.job.get("job")).toMatchObject({ priority: 0, maxParallelTasks: -1 });
      expect((await client.job.get("job")).metadata).toBeUndefined();
      const poolInfo = { poolId: "second" };
      expect((await refusal(client.job.update("job", { poolInfo }))).status).toBe(409);
      await client.job.disable("job", "requeue");
      await jobIn(client, "disabled");

      await client.job.update("job", { poolInfo, onAllTasksComplete: "terminatejob" });

      expect((await client.job.get("job")).executionInfo?.poolId).toBe("second");
      expect(await refusal(client.job.update("job", { poolInfo }))).toMatchObject({
        status: 400,
        code: "InvalidPropertyValue",
      });
    });
  });

  it("leaves nothing on the pool it came from, which can be deleted under it", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await client.pool.add(pool({ id: "second" }));
      await busy(cloud, { jobPreparationTask: { commandLine: "true" } });
      await client.job.disable("job", "requeue");
      await client.pool.deleteMethod("pool");
      await jobIn(client, "disabled");
      await client.job.patch("job", { poolInfo: { poolId: "second" } });
      await client.job.enable("job");
      await eventually("the pool to go", async () => !(await client.pool.exists("pool")).body);

      await completed(client, "waiting");
      expect((await client.task.get("job", "running")).executionInfo?.requeueCount).toBe(1);
      await client.job.terminate("job");
      await jobIn(client, "completed");
    });
  });
});

describe("a job that is being disabled when the service stops", () => {
  it.each(["requeue", "terminate", "wait"] as const)(
    "with %s is disabled by the next one",
    async (option) => {
      await withBatchCloud(async (cloud) => {
        await busy(cloud);
        // At once, before the disablement can have come to its end.
        void cloud.client.job.disable("job", option).catch(() => undefined);
        await eventually("the job to be disabling", async () => {
          return (await cloud.client.job.get("job")).state !== "active";
        });

        await cloud.restart();

        await jobIn(cloud.client, "disabled");
        const task = await cloud.client.task.get("job", "running");
        expect(task.state).toBe(option === "terminate" ? "completed" : "active");
        await nodesIn(cloud.client, "idle");
        await cloud.client.job.enable("job");
        await completed(cloud.client, "waiting");
      });
    },
  );

  it("keeps a disabled job disabled", async () => {
    await withBatchCloud(async (cloud) => {
      await busy(cloud);
      await cloud.client.job.disable("job", "requeue");
      await jobIn(cloud.client, "disabled");

      await cloud.restart();
      await nodesIn(cloud.client, "idle");

      expect((await cloud.client.job.get("job")).state).toBe("disabled");
      expect((await cloud.client.task.list("job")).map((task) => task.state)).toEqual(["active", "active"]);
    });
  });
});
