import { operations } from "../../../local/batch/routes";
import { type BatchCloud, refusal, withBatchCloud } from "./batchCloud";
import { addJob, pool, runTask } from "./fixtures";
import { bodyOf, pathOf, sdkNames } from "./operationCalls";
import { raw } from "./rawRequest";

const past = new Date(Date.now() - 3_600_000).toUTCString();
const future = new Date(Date.now() + 3_600_000).toUTCString();

/** None of them holds. */
const tagConditions = { "If-Match": '"0x8D0000000000000"', "If-None-Match": "*" };
const timeConditions = { "If-Modified-Since": future, "If-Unmodified-Since": past };

const done = operations.filter(({ handler }) => handler !== undefined);
const withTags = done.filter((operation) => sdkNames(operation, "Options").has("ifMatch"));
const withTimes = done.filter((operation) => sdkNames(operation, "Options").has("ifModifiedSince"));

async function withThings(test: (cloud: BatchCloud, nodeId: string) => Promise<void>): Promise<void> {
  await withBatchCloud(async (cloud) => {
    await cloud.client.pool.add(pool());
    await addJob(cloud.client);
    await runTask(cloud.client, "echo hello");
    const [node] = await cloud.client.computeNode.list("pool");
    await test(cloud, node!.id!);
  });
}

describe("a condition that does not hold", () => {
  it("stops every operation that the SDK can give one, and changes nothing", async () => {
    await withThings(async (cloud, nodeId) => {
      const calls = [
        ...withTags.map((operation) => [operation, tagConditions] as const),
        ...withTimes.map((operation) => [operation, timeConditions] as const),
      ];
      const onNode = { nodeId, "*": "workitems/job/job-1/task/stdout.txt" };
      for (const [operation, conditions] of calls)
        for (const [name, value] of Object.entries(conditions)) {
          const ids = operation.path.startsWith("/pools/") ? onNode : {};
          const path = pathOf(operation, ids);
          const answer = await raw(cloud, operation.verb, path, bodyOf(operation), { [name]: value });

          const expected =
            operation.verb === "GET" || operation.verb === "HEAD"
              ? { status: 304, body: undefined }
              : { status: 412, body: { code: "ConditionNotMet" } };
          expect({ [`${operation.name} ${name}`]: answer }).toMatchObject({
            [`${operation.name} ${name}`]: expected,
          });
        }
      expect(withTags.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["pool.resize", "job.deleteMethod", "task.terminate"]),
      );
      expect(withTimes.map(({ name }) => name)).toContain("file.getPropertiesFromComputeNode");
      expect(await cloud.client.task.get("job", "task")).toMatchObject({ state: "completed" });
      expect(await cloud.client.job.get("job")).toMatchObject({ state: "active", priority: 0 });
      expect(await cloud.client.pool.get("pool")).toMatchObject({ allocationState: "steady" });
    });
  });

  it("is a stale tag, which every write leaves behind, however fast the next one follows", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      const tags = new Set([(await client.job.get("job")).eTag]);
      for (let priority = 1; priority <= 20; priority += 1) {
        const ifMatch = [...tags].at(-1)!;
        const { eTag } = await client.job.patch("job", { priority }, { jobPatchOptions: { ifMatch } });
        tags.add(eTag);
      }

      expect(tags.size).toBe(21);
      for (const ifMatch of [...tags].slice(0, -1)) {
        const stale = client.job.patch("job", { priority: 0 }, { jobPatchOptions: { ifMatch } });
        expect(await refusal(stale)).toMatchObject({ status: 412, code: "ConditionNotMet" });
      }
    });
  });
});

describe("a condition that holds", () => {
  it("lets reads and writes through, its tag with quotes or without", async () => {
    await withThings(async (cloud) => {
      const holding: Record<string, string>[] = [{ "If-Match": "*" }, { "If-Unmodified-Since": future }];
      for (const headers of holding)
        for (const path of ["/pools/pool", "/jobs/job", "/jobs/job/tasks/task"])
          expect((await raw(cloud, "GET", path, undefined, headers)).status).toBe(200);
      for (const quoted of [(tag: string) => tag, (tag: string) => `"${tag}"`]) {
        const { headers } = await raw(cloud, "GET", "/jobs/job");
        const condition = { "If-Match": quoted(headers.etag!) };
        expect((await raw(cloud, "PATCH", "/jobs/job", { priority: 5 }, condition)).status).toBe(200);
      }
      const old = { "If-Modified-Since": past };
      expect((await raw(cloud, "GET", "/jobs/job/tasks/task/files/stdout.txt", undefined, old)).status).toBe(
        200,
      );
    });
  });
});

describe("conditions", () => {
  it("come one at a time, as times that can be read, and for files as times alone", async () => {
    await withThings(async (cloud) => {
      const file = "/jobs/job/tasks/task/files/stdout.txt";
      for (const [path, headers, code] of [
        ["/jobs/job", { "If-Match": "*", "If-None-Match": "*" }, "MultipleConditionHeadersNotSupported"],
        ["/jobs/job", { "If-Modified-Since": "yesterday" }, "InvalidHeaderValue"],
        [file, { "If-Match": "*" }, "UnsupportedHeader"],
      ] as const)
        expect(await raw(cloud, "GET", path, undefined, headers)).toMatchObject({
          status: 400,
          body: { code },
        });
    });
  });
});
