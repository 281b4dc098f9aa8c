import { writeFileSync } from "node:fs";
import { eventually, refusal } from "./batchCloud";
import { addJob, bash, completed, jobIn, nodesIn, pool, taskIn } from "./fixtures";
import { sharedCloud } from "./sharedCloud";

const cloud = sharedCloud();

beforeAll(async () => {
  await cloud.current.client.pool.add(pool({ taskSlotsPerNode: 8 }));
  await nodesIn(cloud.current.client, "idle");
});

describe("an update of a task", () => {
  it("replaces its constraints as a whole, and moves its tag", async () => {
    const { client } = cloud.current;
    await addJob(client, {
      id: "update",
      constraints: { maxTaskRetryCount: 3 },
      poolInfo: { poolId: "none" },
    });
    const constraints = { maxTaskRetryCount: 1, retentionTime: "PT1H" };
    await client.task.add("update", { id: "task", commandLine: "true", constraints });
    const before = await client.task.get("update", "task");
    await eventually("the clock to move on", () => Promise.resolve(Date.now() > Number(before.lastModified)));

    const { eTag } = await client.task.update("update", "task", {
      constraints: { maxWallClockTime: "PT60M" },
    });

    const after = await client.task.get("update", "task");
    expect(after.constraints).toMatchObject({
      maxWallClockTime: "PT1H",
      retentionTime: "P7D",
      maxTaskRetryCount: 3,
    });
    expect(after.eTag).toBe(eTag);
    expect(after.eTag).not.toBe(before.eTag);
    const stale = { taskUpdateOptions: { ifMatch: before.eTag } };
    expect((await refusal(client.task.update("update", "task", stale))).status).toBe(412);
    const wrong = client.task.update("update", "task", { constraints: { maxTaskRetryCount: -2 } });
    expect((await refusal(wrong)).code).toBe("InvalidPropertyValue");
  });

  it("decides how long the files of a running task are kept, and comes too late for a completed one", async () => {
    const { client, root } = cloud.current;
    await addJob(client, { id: "running" });
    const go = `${root}/go`;
    const commandLine = bash(`until [ -e ${go} ]; do sleep 0.02; done`);
    await client.task.add("running", { id: "task", commandLine });
    await taskIn(client, "task", "running", "running");

    await client.task.update("running", "task", { constraints: { retentionTime: "PT0S" } });
    writeFileSync(go, "");

    await completed(client, "task", "running");
    await eventually("the clean-up", async () => {
      const listed = client.file.listFromTask("running", "task").then(() => undefined);
      return (
        (await listed.catch((error: unknown) => (error as { code: string }).code)) === "TaskFilesCleanedup"
      );
    });
    const late = client.task.update("running", "task", {});
    expect(await refusal(late)).toMatchObject({ status: 409, code: "TaskCompleted" });
  });
});

describe("a reactivated task", () => {
  it("runs again, with as many tries as at first and without a trace of its failure", async () => {
    const { client, root } = cloud.current;
    await addJob(client, { id: "again", constraints: { maxTaskRetryCount: 1 } });
    const tries = `${root}/tries`;
    const commandLine = bash(`echo x >>${tries}; [ $(wc -l <${tries}) = 4 ]`);
    await client.task.add("again", { id: "task", commandLine });
    const failed = await completed(client, "task", "again");
    expect(failed.executionInfo).toMatchObject({ exitCode: 1, retryCount: 1 });
    await client.job.disable("again", "wait");
    await jobIn(client, "disabled", "again");

    await client.task.reactivate("again", "task");

    const waiting = await client.task.get("again", "task");
    expect(waiting).toMatchObject({ state: "active", previousState: "completed" });
    expect(waiting.executionInfo).toEqual({ retryCount: 0, requeueCount: 0 });
    expect(waiting.nodeInfo).toBeUndefined();
    expect(waiting.eTag).not.toBe(failed.eTag);
    await client.job.enable("again");
    const succeeded = await completed(client, "task", "again");
    expect(succeeded.executionInfo).toMatchObject({ result: "success", retryCount: 1, exitCode: 0 });
  });

  it("had failed before, in a job that goes on", async () => {
    const { client } = cloud.current;
    await addJob(client, { id: "refused" });
    await client.task.add("refused", { id: "good", commandLine: "true" });
    await client.task.add("refused", { id: "bad", commandLine: "false" });
    await client.task.add("refused", { id: "long", commandLine: "sleep 1000" });
    await completed(client, "good", "refused");
    await completed(client, "bad", "refused");
    const code = async (id: string): Promise<string> => {
      const { status, code } = await refusal(client.task.reactivate("refused", id));
      return `${status} ${code}`;
    };

    expect(await code("good")).toBe("409 TaskSucceeded");
    expect(await code("long")).toBe("409 TaskNotCompleted");
    expect(await code("none")).toBe("404 TaskNotFound");
    await client.job.terminate("refused");
    await jobIn(client, "completed", "refused");
    expect(await code("bad")).toBe("409 JobCompleted");
  });
});

describe("a task in each of its states", () => {
  /** A job with a task that waits, one that is prepared, one that runs or one that is over. */
  async function taskThatIs(state: string, jobId: string): Promise<void> {
    const { client } = cloud.current;
    await addJob(client, {
      id: jobId,
      ...(state === "preparing" ? { jobPreparationTask: { commandLine: "sleep 1000" } } : {}),
      ...(state === "active" ? { poolInfo: { poolId: "none" } } : {}),
    });
    await client.task.add(jobId, { id: "task", commandLine: state === "completed" ? "true" : "sleep 1000" });
    await taskIn(client, "task", state, jobId);
  }

  it.each(["active", "preparing", "running", "completed"])("can be deleted: %s", async (state) => {
    const { client } = cloud.current;
    await taskThatIs(state, `delete-${state}`);

    await client.task.deleteMethod(`delete-${state}`, "task");

    expect((await refusal(client.task.get(`delete-${state}`, "task"))).code).toBe("TaskNotFound");
    await client.job.terminate(`delete-${state}`);
    await jobIn(client, "completed", `delete-${state}`);
  });

  it.each(["active", "preparing", "running"])("can be ended: %s", async (state) => {
    const { client } = cloud.current;
    await taskThatIs(state, `end-${state}`);

    await client.task.terminate(`end-${state}`, "task");

    expect(await client.task.get(`end-${state}`, "task")).toMatchObject({
      state: "completed",
      previousState: state,
      executionInfo: { result: "failure", failureInfo: { code: "TaskEnded" } },
    });
    await client.job.terminate(`end-${state}`);
    await jobIn(client, "completed", `end-${state}`);
  });

  it("has no subtasks", async () => {
    const { client } = cloud.current;
    await taskThatIs("completed", "subtasks");

    expect((await client.task.listSubtasks("subtasks", "task")).value).toEqual([]);
  });
});

describe("what is too large", () => {
  const files = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      httpUrl: `https://account.blob.core.windows.net/container/${String(n).padStart(40, "0")}`,
      filePath: String(n),
    }));

  it("as the list of a task's resource files is refused, and a long one is not", async () => {
    const { client } = cloud.current;
    await addJob(client, { id: "large", poolInfo: { poolId: "none" } });
    await client.task.add("large", { id: "task", commandLine: "true", resourceFiles: files(200) });

    const tooMany = client.task.add("large", { id: "more", commandLine: "true", resourceFiles: files(300) });

    expect(await refusal(tooMany)).toMatchObject({
      status: 413,
      code: "RequestEntityTooLarge",
      body: { values: [{ key: "PropertyName", value: "resourceFiles" }, { key: "Reason" }] },
    });
    const { value } = await client.task.addCollection("large", [
      { id: "fits", commandLine: "true" },
      { id: "more", commandLine: "true", resourceFiles: files(300) },
    ]);
    expect(value?.map(({ status, error }) => [status, error?.code])).toEqual([
      ["Success", undefined],
      ["ClientError", "RequestEntityTooLarge"],
    ]);
  });

  it("as a start task or as a whole request is refused", async () => {
    const { client } = cloud.current;
    const startTask = { commandLine: `echo ${"x".repeat(33_000)}` };
    expect(await refusal(client.pool.add(pool({ id: "large", startTask })))).toMatchObject({
      status: 413,
      code: "RequestEntityTooLarge",
    });

    await addJob(client, { id: "larger", poolInfo: { poolId: "none" } });
    const commandLine = `echo ${"x".repeat(1024 * 1024)}`;
    expect(await refusal(client.task.add("larger", { id: "task", commandLine }))).toMatchObject({
      status: 413,
      code: "RequestBodyTooLarge",
      body: { values: [{ key: "MaxLimit", value: "1048576" }] },
    });
  });
});

describe("a number out of its range", () => {
  it.each([
    ["maxParallelTasks", { maxParallelTasks: 0 }],
    ["constraints.maxTaskRetryCount", { constraints: { maxTaskRetryCount: -2 } }],
    ["priority", { priority: 1001 }],
  ])("is refused of a job: %s", async (property, more) => {
    expect(await refusal(addJob(cloud.current.client, { id: "number", ...more }))).toMatchObject({
      status: 400,
      code: "InvalidPropertyValue",
      body: { values: [{ key: "PropertyName", value: property }, {}, {}] },
    });
  });

  it("is refused of a pool with more than four slots a core", async () => {
    const slots = pool({ id: "slots", vmSize: "Standard_D2s_v3", taskSlotsPerNode: 9 });
    expect((await refusal(cloud.current.client.pool.add(slots))).code).toBe("InvalidPropertyValue");
  });
});
