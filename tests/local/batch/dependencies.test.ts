import type { BatchServiceModels } from "@azure/batch";
import { refusal } from "./batchCloud";
import { addJob, bash, completed, jobIn, nodesIn, pool, taskIn } from "./fixtures";
import { sharedCloud } from "./sharedCloud";

const cloud = sharedCloud();

beforeAll(async () => {
  await cloud.current.client.pool.add(pool({ taskSlotsPerNode: 4 }));
  await nodesIn(cloud.current.client, "idle");
});

/** A job whose tasks may depend on each other, and how tasks are added to it. */
async function job(id: string, more: Partial<BatchServiceModels.JobAddParameter> = {}) {
  await addJob(cloud.current.client, { id, usesTaskDependencies: true, ...more });
  return (taskId: string, commandLine: string, task: Partial<BatchServiceModels.TaskAddParameter> = {}) =>
    cloud.current.client.task.add(id, { id: taskId, commandLine, ...task });
}

/** A task that ran after this call would be completed by the time another, added later and placed with it, is. */
async function settled(jobId: string): Promise<void> {
  const { client } = cloud.current;
  await client.task.add(jobId, { id: "probe", commandLine: "true" });
  await completed(client, "probe", jobId);
}

describe("a task that depends on others", () => {
  it("runs once all of them have succeeded, those that are added later too", async () => {
    const { client } = cloud.current;
    const add = await job("all");
    await add("child", "true", { dependsOn: { taskIds: ["A", "b"] } });
    await add("a", "true");
    await completed(client, "a", "all");
    await settled("all");
    expect((await client.task.get("all", "child")).state).toBe("active");

    await add("b", "true");

    const child = await completed(client, "child", "all");
    const last = await client.task.get("all", "b");
    expect(child.executionInfo?.startTime?.getTime()).toBeGreaterThanOrEqual(
      last.executionInfo?.endTime?.getTime() ?? Infinity,
    );
    expect(child.dependsOn).toEqual({ taskIds: ["A", "b"] });
    expect((await client.job.get("all")).usesTaskDependencies).toBe(true);
  });

  it("by ranges waits for one task of each number, however the number is written", async () => {
    const { client } = cloud.current;
    const add = await job("ranges");
    await add("child", "true", {
      dependsOn: {
        taskIdRanges: [
          { start: 3, end: 5 },
          { start: 9, end: 9 },
        ],
      },
    });
    for (const id of ["003", "4", "04", "09", "5-b"]) await add(id, "true");
    for (const id of ["003", "4", "04", "09", "5-b"]) await completed(client, id, "ranges");
    await settled("ranges");
    expect((await client.task.get("ranges", "child")).state).toBe("active");

    await add("5", "true");

    await completed(client, "child", "ranges");
  });

  it("waits on while one of them has failed, and runs when that one is tried again and succeeds", async () => {
    const { client } = cloud.current;
    const add = await job("failed");
    const flag = `${cloud.current.root}/repaired`;
    await add("parent", bash(`[ -e ${flag} ] || { touch ${flag}; exit 1; }`));
    await add("child", "true", { dependsOn: { taskIds: ["parent"] } });
    await completed(client, "parent", "failed");
    await settled("failed");
    expect((await client.task.get("failed", "child")).state).toBe("active");
    await client.task.deleteMethod("failed", "parent");

    await add("parent", bash(`[ -e ${flag} ]`));

    expect((await completed(client, "child", "failed")).executionInfo?.result).toBe("success");
  });

  it("runs after a failure that its parent declares good enough, and not after a success that it does not", async () => {
    const { client } = cloud.current;
    const add = await job("declared");
    await add("tolerated", bash("exit 7"), {
      exitConditions: { exitCodes: [{ code: 7, exitOptions: { dependencyAction: "satisfy" } }] },
    });
    await add("held", "true", {
      exitConditions: { exitCodes: [{ code: 0, exitOptions: { dependencyAction: "block" } }] },
    });
    await add("runs", "true", { dependsOn: { taskIds: ["tolerated"] } });
    await add("waits", "true", { dependsOn: { taskIds: ["held"] } });

    await completed(client, "runs", "declared");
    await completed(client, "held", "declared");
    await settled("declared");
    expect((await client.task.get("declared", "waits")).state).toBe("active");
  });

  it("keeps a job open that ends with its tasks", async () => {
    const { client } = cloud.current;
    const add = await job("open");
    await add("parent", "false");
    await add("child", "true", { dependsOn: { taskIds: ["parent"] } });
    await client.job.patch("open", { onAllTasksComplete: "terminatejob" });
    await completed(client, "parent", "open");
    await settled("open");
    expect((await client.job.get("open")).state).toBe("active");

    await client.task.terminate("open", "child");

    await jobIn(client, "completed", "open");
  });

  it("outlives a restart of the service with its parents' ends", async () => {
    const { client } = cloud.current;
    const add = await job("restart");
    await add("1", "true");
    await completed(client, "1", "restart");

    await cloud.current.restart();
    const again = cloud.current.client;
    await again.task.add("restart", {
      id: "child",
      commandLine: "true",
      dependsOn: { taskIds: ["1"], taskIdRanges: [{ start: 1, end: 1 }] },
    });

    await completed(again, "child", "restart");
  });

  it.each<[string, Partial<BatchServiceModels.TaskAddParameter>, string, string]>([
    ["a job that uses none", { dependsOn: { taskIds: ["a"] } }, "TaskDependenciesNotSpecifiedOnJob", "plain"],
    [
      "ids that are too long together",
      { dependsOn: { taskIds: Array.from({ length: 1001 }, (_, n) => String(n).padStart(64, "0")) } },
      "TaskDependencyListTooLong",
      "rules",
    ],
    [
      "a range that ends before it starts",
      { dependsOn: { taskIdRanges: [{ start: 2, end: 1 }] } },
      "InvalidPropertyValue",
      "rules",
    ],
    [
      "a dependency action in a job that uses none",
      { exitConditions: { default: { dependencyAction: "satisfy" } } },
      "InvalidPropertyValue",
      "plain",
    ],
    [
      "a job action in a job that takes none",
      { exitConditions: { fileUploadError: { jobAction: "none" } } },
      "InvalidPropertyValue",
      "rules",
    ],
  ])("is refused for %s", async (_what, more, code, jobId) => {
    const { client } = cloud.current;
    await addJob(client, { id: "plain" }).catch(() => undefined);
    await addJob(client, { id: "rules", usesTaskDependencies: true }).catch(() => undefined);

    const task = { id: "task", commandLine: "true", ...more };
    expect(await refusal(client.task.add(jobId, task))).toMatchObject({ status: 400, code });
  });
});

describe("a job that acts on its tasks' failures", () => {
  const performs = { onTaskFailure: "performexitoptionsjobaction" as const };

  it("is ended by one, once its tries are over", async () => {
    const { client } = cloud.current;
    const add = await job("ends", { ...performs, constraints: { maxTaskRetryCount: 1 } });
    await add("long", "sleep 1000");
    await taskIn(client, "long", "running", "ends");
    await add("bad", "false");

    const ended = await jobIn(client, "completed", "ends");

    expect(ended.executionInfo?.terminateReason).toBe("TaskFailed");
    expect((await client.task.get("ends", "bad")).executionInfo?.retryCount).toBe(1);
    expect((await client.task.get("ends", "long")).executionInfo?.failureInfo?.code).toBe("TaskEnded");
  });

  it("is disabled by one that says so, its other tasks requeued, and goes on when it is enabled", async () => {
    const { client } = cloud.current;
    const add = await job("disables", performs);
    const flag = `${cloud.current.root}/long-ran`;
    await add("long", bash(`[ -e ${flag} ] || { touch ${flag}; sleep 1000; }`));
    await taskIn(client, "long", "running", "disables");
    await add("bad", "false", { exitConditions: { default: { jobAction: "disable" } } });

    await jobIn(client, "disabled", "disables");
    expect(await client.task.get("disables", "long")).toMatchObject({
      state: "active",
      executionInfo: { requeueCount: 1 },
    });
    await client.job.enable("disables");

    await completed(client, "long", "disables");
    await cloud.current.restart();
    expect((await cloud.current.client.job.get("disables")).state).toBe("active");
  });

  it("is left alone by success and by a failure whose options say none", async () => {
    const { client } = cloud.current;
    const add = await job("none", performs);
    await add("good", "true");
    await add("bad", bash("exit 4"), {
      exitConditions: { exitCodeRanges: [{ start: 2, end: 5, exitOptions: { jobAction: "none" } }] },
    });

    await completed(client, "good", "none");
    await completed(client, "bad", "none");
    await settled("none");
    expect((await client.job.get("none")).state).toBe("active");
  });

  it("is not ended by the tasks that its own disablement ends", async () => {
    const { client } = cloud.current;
    const add = await job("spared", performs);
    await add("long", "sleep 1000");
    await taskIn(client, "long", "running", "spared");

    await client.job.disable("spared", "terminate");

    await jobIn(client, "disabled", "spared");
  });
});
