import { BatchSharedKeyCredentials } from "@azure/batch";
import { WebResource } from "@azure/ms-rest-js";
import { accountName, type BatchCloud, eventually, keys, refusal, withBatchCloud } from "./batchCloud";
import { addJob, pool } from "./fixtures";

/** A call with a body that the SDK would not send. */
async function raw(
  cloud: BatchCloud,
  verb: "GET" | "POST" | "PUT",
  path: string,
  body?: unknown,
): Promise<{ status: number; headers: Record<string, string>; body: unknown }> {
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const request = new WebResource(
    `${cloud.url}${path}${path.includes("?") ? "&" : "?"}api-version=2024-02-01.19.0`,
    verb,
    text,
  );
  request.headers.set("Content-Type", "application/json; odata=minimalmetadata");
  const credentials = new BatchSharedKeyCredentials(accountName, keys.primary);
  const response = await cloud.clientWith(credentials).sendRequest(request);
  const answer = response.bodyAsText ?? "";
  return {
    status: response.status,
    headers: response.headers.rawHeaders(),
    body: answer === "" ? undefined : (JSON.parse(answer) as unknown),
  };
}

describe("a request body", () => {
  const good = pool({ targetDedicatedNodes: 0 });

  it.each<[string, unknown, string, object[]]>([
    ["is not JSON", "{", "InvalidRequestBody", []],
    ["is not an object", [], "InvalidRequestBody", []],
    [
      "lacks a property",
      { ...good, vmSize: undefined },
      "MissingRequiredProperty",
      [{ key: "PropertyName", value: "vmSize" }],
    ],
    [
      "has one too many",
      { ...good, colour: "red" },
      "UnsupportedProperty",
      [{ key: "PropertyName", value: "colour" }],
    ],
    [
      "has one of the wrong type",
      { ...good, startTask: { commandLine: 5 } },
      "InvalidPropertyValue",
      [
        { key: "PropertyName", value: "startTask.commandLine" },
        { key: "PropertyValue", value: "5" },
        { key: "Reason", value: "Expected a string." },
      ],
    ],
    [
      "has a word that is none of the allowed",
      { ...good, taskSchedulingPolicy: { nodeFillType: "scatter" } },
      "InvalidPropertyValue",
      [
        { key: "PropertyName", value: "taskSchedulingPolicy.nodeFillType" },
        { key: "PropertyValue", value: "scatter" },
        { key: "Reason", value: "Expected one of spread, pack." },
      ],
    ],
    [
      "has a duration that is none",
      { ...good, resizeTimeout: "3600" },
      "InvalidPropertyValue",
      [
        { key: "PropertyName", value: "resizeTimeout" },
        { key: "PropertyValue", value: "3600" },
        { key: "Reason", value: "Expected an ISO 8601 duration." },
      ],
    ],
  ])("that %s is refused by name", async (_what, body, code, values) => {
    await withBatchCloud(async (cloud) => {
      const answer = await raw(cloud, "POST", "/pools", body);

      expect(answer).toMatchObject({ status: 400, body: { code, message: { lang: "en-US" } } });
      const given = (answer.body as { values?: object[] }).values ?? [];
      if (values.length > 0) expect(given).toEqual(values);
      expect(JSON.stringify(answer.body)).toMatch(/RequestId:[0-9a-f-]{36}\\nTime:.*Z/);
    });
  });

  it("may spell words in any letter case", async () => {
    await withBatchCloud(async (cloud) => {
      const answer = await raw(cloud, "POST", "/pools", {
        ...good,
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

describe("an answer", () => {
  it("carries the service's headers, and names what was made", async () => {
    await withBatchCloud(async (cloud) => {
      const madePool = await raw(cloud, "POST", "/pools", pool({ targetDedicatedNodes: 0 }));
      expect(madePool.headers).toMatchObject({
        dataserviceversion: "3.0",
        location: `${cloud.url}/pools/pool`,
        etag: expect.stringMatching(/^0x/) as string,
        "request-id": expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      });
      // As the real service does, whatever the job's id.
      const madeJob = await raw(cloud, "POST", "/jobs", { id: "job", poolInfo: { poolId: "pool" } });
      expect(madeJob.headers).toMatchObject({ location: `${cloud.url}/jobs/job-1` });
      const shown = await raw(cloud, "GET", "/pools/pool");
      expect(shown.body).toMatchObject({ "odata.metadata": `${cloud.url}/$metadata#pools/@Element` });
    });
  });
});

describe("a conditional request", () => {
  it("is not followed when its condition does not hold", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      const { eTag } = await client.job.get("job");
      await client.job.patch("job", { priority: 1 }, { jobPatchOptions: { ifMatch: eTag } });

      const stale = client.job.patch("job", { priority: 2 }, { jobPatchOptions: { ifMatch: eTag } });
      expect(await refusal(stale)).toMatchObject({ status: 412, code: "ConditionNotMet" });
      const unchanged = client.job.get("job", {
        jobGetOptions: { ifNoneMatch: (await client.job.get("job")).eTag },
      });
      expect((await refusal(unchanged)).status).toBe(304);
      const both = client.job.get("job", { jobGetOptions: { ifMatch: "*", ifNoneMatch: "*" } });
      expect((await refusal(both)).code).toBe("MultipleConditionHeadersNotSupported");
      const old = new Date(Date.now() - 3_600_000);
      const since = client.job.deleteMethod("job", { jobDeleteMethodOptions: { ifUnmodifiedSince: old } });
      expect((await refusal(since)).status).toBe(412);
    });
  });
});

describe("a list", () => {
  it("comes in pages that link to each other", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      await client.task.addCollection(
        "job",
        ["e", "b", "D", "a", "c"].map((id) => ({ id, commandLine: "true" })),
      );
      const ids: string[] = [];

      const taskListOptions = { maxResults: 2, filter: "state eq 'active'", select: "id" };
      let page = await client.task.list("job", { taskListOptions });
      ids.push(...page.map((task) => task.id ?? ""), "|");
      while (page.odatanextLink !== undefined) {
        page = await client.task.listNext(page.odatanextLink);
        ids.push(...page.map((task) => task.id ?? ""), "|");
      }

      expect(ids.join("")).toBe("ab|cD|e|");
    });
  });

  it("shows only what is selected", async () => {
    await withBatchCloud(async ({ client }) => {
      await client.pool.add(pool({ targetDedicatedNodes: 0 }));

      const [shown] = await client.pool.list({ poolListOptions: { select: "id,state", expand: "stats" } });

      expect(shown).toEqual({ id: "pool", state: "active" });
    });
  });

  it.each([
    ["id eq 'b'", "b"],
    ["startswith(id, 'A') or id gt 'b'", "ac"],
    ["not-a-thing eq 1", undefined],
    ["state eq 'active' and (id eq 'a' or id eq 'c')", "ac"],
    ["creationTime gt DateTime'2020-01-01T00:00:00Z' and id ne 'a'", "bc"],
    ["creationTime lt datetime'2020-01-01T00:00:00Z'", ""],
    ["executionInfo/exitCode eq 0", ""],
    ["executionInfo/result ne 'success'", "abc"],
    ["id eq 'it''s'", ""],
    ["id eq", undefined],
    ["id eq 'a' 'b'", undefined],
    ["state gt 'active'", undefined],
    ["(id eq 'a'", undefined],
  ])("filtered by %s shows %s", async (filter, ids) => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      for (const id of ["a", "b", "c"]) await client.task.add("job", { id, commandLine: "true" });

      const listed = client.task.list("job", { taskListOptions: { filter } });

      if (ids === undefined) expect((await refusal(listed)).code).toBe("InvalidQueryParameterValue");
      else expect((await listed).map((task) => task.id).join("")).toBe(ids);
    });
  });

  it.each(["/pools?maxresults=1001", "/pools?maxresults=0", "/nodecounts?maxresults=11"])(
    "is of no other length than it may be: %s",
    async (path) => {
      await withBatchCloud(async (cloud) => {
        expect(await raw(cloud, "GET", path)).toMatchObject({
          status: 400,
          body: { code: "OutOfRangeQueryParameterValue" },
        });
      });
    },
  );
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
