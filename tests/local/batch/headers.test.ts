import { operations, type Verb } from "../../../local/batch/routes";
import { type BatchCloud, withBatchCloud } from "./batchCloud";
import { addJob, bash, jobIn, nodesIn, pool, taskIn } from "./fixtures";
import { bodyOf, pathOf, sdkNames } from "./operationCalls";
import { raw, type RawAnswer } from "./rawRequest";

const asked = {
  "client-request-id": "11111111-2222-3333-4444-555555555555",
  "return-client-request-id": "true",
};

/** Performs an operation by its name in the SDK, asking for the caller's own id. */
async function perform(
  cloud: BatchCloud,
  name: string,
  body?: object,
  ids: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const operation = operations.find((one) => one.name === name)!;
  return raw(cloud, operation.verb, pathOf(operation, ids), body ?? bodyOf(operation), asked);
}

/** What the SDK reads of a write's answer, by the names on the wire. */
function expectedHeaders(cloud: BatchCloud, name: string, location?: string): Record<string, unknown> {
  const operation = operations.find((one) => one.name === name)!;
  const names = sdkNames(operation, "Headers");
  const tag = names.has("eTag") && {
    etag: expect.stringMatching(/^0x[0-9A-F]{15}$/) as unknown,
    "last-modified": expect.stringMatching(/GMT$/) as unknown,
  };
  const service = names.has("dataServiceId") && {
    dataserviceid: location ?? `${cloud.url}${pathOf(operation)}`,
  };
  return { ...tag, ...service };
}

describe("the headers of an answer", () => {
  it("are, for every write, those that the SDK reads", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      const task = { id: "task", commandLine: bash("sleep 100") };
      const write = async (name: string, body?: object, location?: string): Promise<void> => {
        const answer = await perform(cloud, name, body);

        expect([name, answer.status < 300, answer.body]).toEqual([name, true, answer.body]);
        expect({ [name]: answer.headers }).toMatchObject({ [name]: expectedHeaders(cloud, name, location) });
        if (location !== undefined) expect(answer.headers.location).toBe(location);
      };
      await write("pool.add", pool({ targetDedicatedNodes: 0 }), `${cloud.url}/pools/pool`);
      await write("pool.resize", { targetDedicatedNodes: 1 });
      await nodesIn(client, "idle");
      // As the real service does, whatever the job's id.
      await write("job.add", { id: "job", poolInfo: { poolId: "pool" } }, `${cloud.url}/jobs/job-1`);
      await write("job.patch");
      await write("job.update");
      await write("task.add", task, `${cloud.url}/jobs/job/tasks/task`);
      await taskIn(client, "task", "running");
      await write("task.terminate");
      await write("job.disable");
      await jobIn(client, "disabled");
      await write("job.enable");
      await jobIn(client, "active");
      await write("job.terminate");
    });
  });

  it("are on every answer those of the service, and the caller's id only where it is asked for", async () => {
    await withBatchCloud(async (cloud) => {
      await addJob(cloud.client);
      const calls: readonly [Verb, string][] = [
        ["GET", "/pools"],
        ["GET", "/jobs/job"],
        ["HEAD", "/pools/none"],
        ["GET", "/pools/none"],
        ["DELETE", "/jobs/job"],
      ];
      for (const [verb, path] of calls) {
        const [answer, other] = [
          await raw(cloud, verb, path, undefined, asked),
          await raw(cloud, "GET", path, undefined, { ...asked, "return-client-request-id": "false" }),
        ];

        expect(answer.headers).toMatchObject({
          "request-id": expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
          "client-request-id": asked["client-request-id"],
          dataserviceversion: "3.0",
          date: expect.stringMatching(/GMT$/) as unknown,
          server: "Microsoft-HTTPAPI/2.0",
          "strict-transport-security": expect.stringContaining("max-age") as unknown,
          "x-content-type-options": "nosniff",
        });
        expect(other.headers).not.toHaveProperty("client-request-id");
        expect(other.headers["request-id"]).not.toBe(answer.headers["request-id"]);
      }
    });
  });

  it("name no entity where nothing is told of one: on reads no DataServiceId, on lists and deletions no tag either", async () => {
    await withBatchCloud(async (cloud) => {
      await addJob(cloud.client);

      const one = (await raw(cloud, "GET", "/jobs/job")).headers;
      const list = (await raw(cloud, "GET", "/jobs")).headers;
      const deleted = (await raw(cloud, "DELETE", "/jobs/job")).headers;

      expect(one).toMatchObject({ etag: expect.stringMatching(/^0x/) as unknown });
      for (const headers of [one, list, deleted]) expect(headers).not.toHaveProperty("dataserviceid");
      for (const headers of [list, deleted]) expect(headers).not.toHaveProperty("etag");
    });
  });
});

describe("ids", () => {
  it("are found in any letter case, and shown as they were given", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await client.pool.add(pool({ id: "Pool-A" }));
      await addJob(client, { id: "Job-A", poolInfo: { poolId: "pool-a" } });
      await client.task.add("JOB-a", { id: "Task-A", commandLine: bash("echo hello") });
      const node = (await client.computeNode.list("POOL-A"))[0]!.id!;

      expect((await client.pool.get("POOL-A")).id).toBe("Pool-A");
      expect((await client.job.get("job-a")).id).toBe("Job-A");
      expect((await client.task.get("job-a", "TASK-A")).url).toBe(`${cloud.url}/jobs/Job-A/tasks/Task-A`);
      expect((await client.computeNode.get("pool-a", node.toUpperCase())).id).toBe(node);
      for (const again of [
        raw(cloud, "POST", "/pools", pool({ id: "POOL-a" })),
        raw(cloud, "POST", "/jobs", { id: "JOB-a", poolInfo: { poolId: "pool-a" } }),
        raw(cloud, "POST", "/jobs/JOB-A/tasks", { id: "TASK-a", commandLine: "true" }),
      ])
        expect((await again).status).toBe(409);
      await client.task.deleteMethod("JOB-A", "TASK-A");
      await client.job.deleteMethod("JOB-A");
      await client.pool.deleteMethod("POOL-A");
      expect((await raw(cloud, "DELETE", "/pools/pool-a")).status).not.toBe(202);
    });
  });
});
