import { eventually, withBatchCloud } from "./batchCloud";
import { addJob, pool } from "./fixtures";
import { raw } from "./rawRequest";

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
