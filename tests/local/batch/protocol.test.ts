import type { BatchServiceModels } from "@azure/batch";
import { eventually, withBatchCloud } from "./batchCloud";
import { addJob, pool } from "./fixtures";
import { raw } from "./rawRequest";

interface WireError {
  readonly code: string;
  readonly message: { readonly value: string };
  readonly values: readonly { readonly key: string; readonly value: string }[];
}

type Values = Readonly<Record<string, string>>;

const poolBody = pool({ targetDedicatedNodes: 0 });
const jobBody = { id: "another", poolInfo: { poolId: "pool" } };
const taskBody = { id: "task", commandLine: "true" };
const invalid = (PropertyName: string, PropertyValue: string, Reason: string): [string, Values] => [
  "InvalidPropertyValue",
  { PropertyName, PropertyValue, Reason },
];
const idRule = "1 to 64 letters, digits, hyphens and underscores are allowed.";

/** What is wrong, where it is sent and what, and what the service says: its code and the values beside it. */
const wrongBodies: readonly [string, string, unknown, string, Values][] = [
  ["is missing", "/pools", undefined, "InvalidRequestBody", { Reason: "The request has no body." }],
  ["is not an object", "/pools", [], "InvalidRequestBody", { Reason: "An object is expected." }],
  [
    "is nested so deep that nobody could walk through it",
    "/pools",
    `{"id":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
    "InvalidRequestBody",
    { Reason: "It is nested deeper than 64 levels." },
  ],
  [
    "has an object, and one that is no text either, for one of a few words",
    "/jobs",
    { ...jobBody, onAllTasksComplete: { toString: 1 } },
    ...invalid("onAllTasksComplete", '{"toString":1}', "Expected one of noaction, terminatejob."),
  ],
  [
    "lacks a property",
    "/pools",
    { ...poolBody, vmSize: null },
    "MissingRequiredProperty",
    { PropertyName: "vmSize", Reason: "The property is required." },
  ],
  [
    "lacks a property further down",
    "/jobs",
    { ...jobBody, jobPreparationTask: {} },
    "MissingRequiredProperty",
    { PropertyName: "jobPreparationTask.commandLine", Reason: "The property is required." },
  ],
  [
    "has a property too many",
    "/pools",
    { ...poolBody, colour: "red" },
    "UnsupportedProperty",
    { PropertyName: "colour", PropertyValue: "red", Reason: "PoolAddParameter has no such property." },
  ],
  [
    "has a property too many further down",
    "/jobs/job/tasks",
    { ...taskBody, constraints: { maxWallclockTime: { is: 1 } } },
    "UnsupportedProperty",
    {
      PropertyName: "constraints.maxWallclockTime",
      PropertyValue: '{"is":1}',
      Reason: "TaskConstraints has no such property.",
    },
  ],
  [
    "has a number for a text",
    "/pools",
    { ...poolBody, startTask: { commandLine: 5 } },
    ...invalid("startTask.commandLine", "5", "Expected a string."),
  ],
  [
    "has a word for a number",
    "/jobs",
    { ...jobBody, priority: "high" },
    ...invalid("priority", "high", "Expected a whole number of 32 bits."),
  ],
  [
    "has half a node",
    "/pools",
    { ...poolBody, targetDedicatedNodes: 0.5 },
    ...invalid("targetDedicatedNodes", "0.5", "Expected a whole number of 32 bits."),
  ],
  [
    "has more than 32 bits",
    "/jobs",
    { ...jobBody, maxParallelTasks: 2147483648 },
    ...invalid("maxParallelTasks", "2147483648", "Expected a whole number of 32 bits."),
  ],
  [
    "has a text for a flag",
    "/pools",
    { ...poolBody, enableAutoScale: "false" },
    ...invalid("enableAutoScale", "false", "Expected true or false."),
  ],
  [
    "has an object for a list",
    "/jobs/job/tasks",
    { ...taskBody, environmentSettings: { A: "1" } },
    ...invalid("environmentSettings", '{"A":"1"}', "Expected a list."),
  ],
  [
    "has a text among objects",
    "/jobs/job/tasks",
    { ...taskBody, environmentSettings: [{ name: "A" }, "B"] },
    ...invalid("environmentSettings[1]", "B", "Expected an object."),
  ],
  [
    "has a word that is none of the allowed",
    "/pools",
    { ...poolBody, taskSchedulingPolicy: { nodeFillType: "scatter" } },
    ...invalid("taskSchedulingPolicy.nodeFillType", "scatter", "Expected one of spread, pack."),
  ],
  [
    "has seconds for a duration",
    "/pools",
    { ...poolBody, resizeTimeout: "3600" },
    ...invalid("resizeTimeout", "3600", "Expected an ISO 8601 duration."),
  ],
  [
    "has an empty duration",
    "/jobs",
    { ...jobBody, constraints: { maxWallClockTime: "PT" } },
    ...invalid("constraints.maxWallClockTime", "PT", "Expected an ISO 8601 duration."),
  ],
  [
    "has a duration that is too short",
    "/pools",
    { ...poolBody, resizeTimeout: "PT4M59S" },
    ...invalid("resizeTimeout", "PT4M59S", "The minimum is 5 minutes."),
  ],
  ["has a bad id of a pool", "/pools", { ...poolBody, id: "a b" }, ...invalid("id", "a b", idRule)],
  ["has a bad id of a job", "/jobs", { ...jobBody, id: "ünï" }, ...invalid("id", "ünï", idRule)],
  [
    "has a bad id of a task",
    "/jobs/job/tasks",
    { ...taskBody, id: "x".repeat(65) },
    ...invalid("id", "x".repeat(65), idRule),
  ],
  [
    "has a bad id of the job's pool",
    "/jobs",
    { ...jobBody, poolInfo: { poolId: "a/b" } },
    ...invalid("poolInfo.poolId", "a/b", idRule),
  ],
  [
    "has a name that is too long",
    "/jobs",
    { ...jobBody, displayName: "x".repeat(1025) },
    ...invalid("displayName", "1025 characters", "The maximum is 1024 characters."),
  ],
  [
    "has a long value, which is cut",
    "/pools",
    { ...poolBody, resizeTimeout: "x".repeat(100_000) },
    ...invalid("resizeTimeout", `${"x".repeat(256)}…`, "Expected an ISO 8601 duration."),
  ],
  [
    "is a collection without its list",
    "/jobs/job/addtaskcollection",
    { tasks: [] },
    "MissingRequiredProperty",
    { PropertyName: "value", Reason: "The property is required." },
  ],
  [
    "is a collection with more than its list",
    "/jobs/job/addtaskcollection",
    { value: [], more: 1 },
    "UnsupportedProperty",
    {
      PropertyName: "more",
      PropertyValue: "1",
      Reason: "TaskAddCollectionParameter has no such property.",
    },
  ],
];

describe("a request body", () => {
  it("that is not as the SDK describes it is refused, and what is wrong is named", async () => {
    await withBatchCloud(async (cloud) => {
      await addJob(cloud.client);
      for (const [what, path, body, code, values] of wrongBodies) {
        const answer = await raw(cloud, "POST", path, body);

        const error = answer.body as WireError;
        expect([what, answer.status, error.code, error.values]).toEqual([
          what,
          400,
          code,
          Object.entries(values).map(([key, value]) => ({ key, value })),
        ]);
        expect(error.message.value).toMatch(/\nRequestId:[0-9a-f-]{36}\nTime:.*Z$/);
      }
      expect([...(await cloud.client.pool.list())]).toEqual([]);
      expect((await cloud.client.job.list()).map(({ id }) => id)).toEqual(["job"]);
      expect([...(await cloud.client.task.list("job"))]).toEqual([]);
    });
  });

  it("that is no JSON is refused with the parser's words", async () => {
    await withBatchCloud(async (cloud) => {
      expect(await raw(cloud, "POST", "/pools", "{")).toMatchObject({
        status: 400,
        body: { code: "InvalidRequestBody", values: [{ key: "Reason" }] },
      });
    });
  });

  it("may say what only the service decides, which is ignored", async () => {
    await withBatchCloud(async (cloud) => {
      const machine = poolBody.virtualMachineConfiguration!;
      const imageReference = { ...machine.imageReference, exactVersion: "made up" };
      const body = { ...poolBody, virtualMachineConfiguration: { ...machine, imageReference } };

      expect((await raw(cloud, "POST", "/pools", body)).status).toBe(201);
      const { virtualMachineConfiguration } = await cloud.client.pool.get("pool");
      expect(virtualMachineConfiguration?.imageReference.exactVersion).toBeUndefined();
    });
  });

  it("with several tasks is good for those that are, and names what is wrong with each other one", async () => {
    await withBatchCloud(async (cloud) => {
      await addJob(cloud.client);

      const { body } = await raw(cloud, "POST", "/jobs/job/addtaskcollection", {
        value: [taskBody, { ...taskBody, id: "b", colour: "red" }, { id: "c" }, "d", null],
      });

      const results = (body as { value: BatchServiceModels.TaskAddResult[] }).value;
      expect(results.map(({ status, taskId, error }) => [status, taskId, error?.code])).toEqual([
        ["Success", "task", undefined],
        ["ClientError", "b", "UnsupportedProperty"],
        ["ClientError", "c", "MissingRequiredProperty"],
        ["ClientError", "", "InvalidRequestBody"],
        ["ClientError", "", "InvalidRequestBody"],
      ]);
    });
  });

  it("may spell words in any letter case", async () => {
    await withBatchCloud(async (cloud) => {
      const answer = await raw(cloud, "POST", "/pools", {
        ...poolBody,
        taskSchedulingPolicy: { nodeFillType: "PACK" },
      });

      expect(answer.status).toBe(201);
      expect((await cloud.client.pool.get("pool")).taskSchedulingPolicy?.nodeFillType).toBe("Pack");
    });
  });
});

describe("an address", () => {
  it("that leads nowhere is refused, and so is a verb that it does not know", async () => {
    await withBatchCloud(async (cloud) => {
      expect(await raw(cloud, "GET", "/pears")).toMatchObject({ status: 400, body: { code: "InvalidUri" } });
      expect(await raw(cloud, "PUT", "/pools", {})).toMatchObject({
        status: 405,
        body: { code: "UnsupportedHttpVerb" },
      });
    });
  });
});

describe("a service that stops", () => {
  it("leaves no process behind", async () => {
    let pid = 0;
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool());
      await addJob(client);
      await client.task.add("job", { id: "task", commandLine: "/bin/sh -c 'echo $$; sleep 1000'" });
      pid = await eventually("the task's process", async () => {
        const file = await client.file.getFromTask("job", "task", "stdout.txt").catch(() => undefined);
        let text = "";
        for await (const chunk of file?.readableStreamBody ?? []) text += String(chunk);
        return Number(text) || undefined;
      });
    });

    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
