import { writeFileSync } from "node:fs";
import { refusal } from "./batchCloud";
import { addJob, bash, completed, jobIn, nodesIn, pool, taskIn } from "./fixtures";
import { sharedCloud } from "./sharedCloud";

const cloud = sharedCloud();

beforeAll(async () => {
  await cloud.current.client.pool.add(pool({ taskSlotsPerNode: 4 }));
  await nodesIn(cloud.current.client, "idle");
});

describe("a job manager task", () => {
  it("is a task of its job with the service's defaults", async () => {
    const { client } = cloud.current;
    await addJob(client, {
      id: "defaults",
      poolInfo: { poolId: "none" },
      constraints: { maxTaskRetryCount: 2 },
      jobManagerTask: { id: "manager", commandLine: "true", displayName: "the manager" },
    });

    expect((await client.job.get("defaults")).jobManagerTask).toMatchObject({
      id: "manager",
      killJobOnCompletion: true,
      runExclusive: true,
      allowLowPriorityNode: true,
      requiredSlots: 1,
      constraints: { maxTaskRetryCount: 2, retentionTime: "P7D" },
    });
    expect([...(await client.task.list("defaults"))]).toMatchObject([
      { id: "manager", displayName: "the manager", state: "active", constraints: { maxTaskRetryCount: 2 } },
    ]);
    const again = client.task.add("defaults", { id: "Manager", commandLine: "true" });
    expect((await refusal(again)).code).toBe("TaskExists");
  });

  it("has its node to itself, before the job's other tasks, and takes the job along when it ends", async () => {
    const { client, root } = cloud.current;
    const go = `${root}/manager-go`;
    await client.job.add({
      id: "kills",
      poolInfo: { poolId: "pool" },
      jobManagerTask: {
        id: "manager",
        commandLine: bash(`until [ -e ${go} ]; do sleep 0.02; done; exit 1`),
      },
    });
    await client.task.add("kills", { id: "waits", commandLine: "true" });
    await taskIn(client, "manager", "running", "kills");
    const [node] = await client.computeNode.list("pool");
    expect(node).toMatchObject({ runningTasksCount: 1, runningTaskSlotsCount: 4 });
    expect((await client.task.get("kills", "waits")).state).toBe("active");

    writeFileSync(go, "");

    const job = await jobIn(client, "completed", "kills");
    expect(job.executionInfo?.terminateReason).toBe("JMComplete");
    expect((await client.task.get("kills", "manager")).executionInfo?.exitCode).toBe(1);
  });

  it("shares its node and lets its job go on where it is told to", async () => {
    const { client } = cloud.current;
    await addJob(client, {
      id: "shares",
      onAllTasksComplete: "terminatejob",
      jobManagerTask: {
        id: "manager",
        commandLine: "sleep 1000",
        runExclusive: false,
        killJobOnCompletion: false,
        requiredSlots: 2,
      },
    });
    await taskIn(client, "manager", "running", "shares");
    await client.task.add("shares", { id: "beside", commandLine: "true" });
    await completed(client, "beside", "shares");
    await client.task.add("shares", { id: "long", commandLine: "sleep 1000" });
    await taskIn(client, "long", "running", "shares");

    await client.task.terminate("shares", "manager");

    expect((await client.job.get("shares")).state).toBe("active");
    await client.task.terminate("shares", "long");
    expect((await jobIn(client, "completed", "shares")).executionInfo?.terminateReason).toBe(
      "AllTasksComplete",
    );
  });

  it.each([
    ["the preparation task's id", { jobPreparationTask: { commandLine: "true" } }, "jobpreparation"],
    [
      "the release task's id",
      {
        jobPreparationTask: { commandLine: "true" },
        jobReleaseTask: { id: "clean", commandLine: "true" },
      },
      "Clean",
    ],
    ["an id that is none", {}, "a b"],
  ])("is refused with %s", async (_what, more, id) => {
    const jobManagerTask = { id, commandLine: "true" };
    const refused = await refusal(addJob(cloud.current.client, { id: "refused", jobManagerTask, ...more }));
    expect(refused).toMatchObject({ status: 400, code: "InvalidPropertyValue" });
  });
});
