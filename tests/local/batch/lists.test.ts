import type { BatchServiceClient } from "@azure/batch";
import { type BatchCloud, refusal, withBatchCloud } from "./batchCloud";
import { addJob, bash, completed, nodesIn, pool, runTask } from "./fixtures";
import { raw } from "./rawRequest";

interface Page {
  readonly value: readonly Readonly<Record<string, unknown>>[];
  readonly "odata.nextLink"?: string;
}

/** Every page of a list, asked for as a bare client does: by the address of the next. */
async function pagesOf(cloud: BatchCloud, path: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: string | undefined = path; next !== undefined; next = pages.at(-1)!["odata.nextLink"]) {
    const answer = await raw(cloud, "GET", next);
    expect(answer.status).toBe(200);
    pages.push(answer.body as Page);
  }
  return pages;
}

async function addTasks(client: BatchServiceClient, ...ids: string[]): Promise<void> {
  await client.task.addCollection(
    "job",
    ids.map((id) => ({ id, commandLine: "true" })),
  );
}

describe("a list", () => {
  it("comes in pages that the SDK follows to the end", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      await addTasks(client, "e", "b", "D", "a", "c");
      const ids: string[] = [];

      const taskListOptions = { maxResults: 2, filter: "state eq 'active' and id ne 'x'", select: "id" };
      let page = await client.task.list("job", { taskListOptions });
      ids.push(...page.map((task) => task.id ?? ""), "|");
      while (page.odatanextLink !== undefined) {
        page = await client.task.listNext(page.odatanextLink);
        ids.push(...page.map((task) => task.id ?? ""), "|");
      }

      expect(ids.join("")).toBe("ab|cD|e|");
    });
  });

  it("shows nothing twice and leaves nothing out when others add and delete between its pages", async () => {
    await withBatchCloud(async ({ client }) => {
      await addJob(client);
      await addTasks(client, "b", "d", "f", "h");

      const first = await client.task.list("job", { taskListOptions: { maxResults: 2 } });
      await addTasks(client, "a", "c", "e", "g");
      await client.task.deleteMethod("job", "d");
      const second = await client.task.listNext(first.odatanextLink!);
      await client.task.deleteMethod("job", "f");
      const third = await client.task.listNext(second.odatanextLink!);

      expect([...first, ...second, ...third].map((task) => task.id).join("")).toBe("bdefgh");
    });
  });

  it("of any kind comes in pages of the asked length, sorted, filtered and selected", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await client.pool.add(pool({ targetDedicatedNodes: 2 }));
      await client.pool.add(pool({ id: "Another", targetDedicatedNodes: 0 }));
      await addJob(client, { id: "other" });
      await addJob(client, { jobPreparationTask: { commandLine: "/bin/true" } });
      const [first, second] = (await nodesIn(client, "idle", 2)).map((node) => node.id!).sort();
      for (const [id, node] of [["on-first", first] as const, ["on-second", second] as const]) {
        const affinityInfo = { affinityId: `TVM:${node}` };
        await client.task.add("job", { id, commandLine: bash("touch a B c"), affinityInfo });
        await completed(client, id);
      }

      const lists: readonly [path: string, name: string, items: readonly unknown[]][] = [
        ["/pools?$select=id", "id", ["Another", "pool"]],
        ["/pools?$filter=startswith(id,'P') and enableAutoScale eq false", "id", ["pool"]],
        ["/jobs?$filter=executionInfo/poolId eq 'POOL'&$expand=stats", "id", ["job", "other"]],
        ["/jobs/job/tasks?$filter=executionInfo/exitCode eq 0", "id", ["on-first", "on-second"]],
        ["/pools/pool/nodes?$filter=state ne 'offline'", "id", [first, second]],
        [`/nodecounts?$filter=poolId eq 'pool'`, "poolId", ["pool"]],
        ["/jobs/job/tasks/on-first/files", "name", ["stderr.txt", "stdout.txt", "wd"]],
        [
          "/jobs/job/tasks/on-first/files?recursive=true&$filter=startswith(name,'wd/')",
          "name",
          ["wd/B", "wd/a", "wd/c"],
        ],
        [`/pools/pool/nodes/${first}/files?$filter=startswith(name,'work')`, "name", ["workitems"]],
        [
          "/jobs/job/jobpreparationandreleasetaskstatus?$filter=jobPreparationTaskExecutionInfo/exitCode eq 0",
          "nodeId",
          [first, second],
        ],
        [
          `/jobs/job/jobpreparationandreleasetaskstatus?$select=nodeId&$filter=nodeId ne '${first}'`,
          "nodeId",
          [second],
        ],
      ];
      for (const [path, name, items] of lists) {
        const pages = await pagesOf(cloud, `${path}${path.includes("?") ? "&" : "?"}maxresults=1`);

        expect([path, pages.map((page) => page.value.map((item) => item[name]))]).toEqual([
          path,
          items.map((item) => [item]),
        ]);
      }
      const [selected] = await pagesOf(cloud, "/pools?$select=id, state");
      expect(selected?.value[1]).toEqual({ id: "pool", state: "active" });
    });
  });

  it.each([
    "/pools?maxresults=1001",
    "/pools?maxresults=0",
    "/pools?maxresults=-1",
    "/nodecounts?maxresults=11",
  ])("is of no other length than it may be: %s", async (path) => {
    await withBatchCloud(async (cloud) => {
      expect(await raw(cloud, "GET", path)).toMatchObject({
        status: 400,
        body: { code: "OutOfRangeQueryParameterValue", values: [{ value: "maxresults" }, {}, {}] },
      });
    });
  });

  it("refuses what it cannot be asked, and says why", async () => {
    await withBatchCloud(async (cloud) => {
      await addJob(cloud.client);
      const wrong: readonly [path: string, code: string, reason?: RegExp][] = [
        ["/jobs/job/tasks?$filter=colour eq 'red'", "InvalidQueryParameterValue", /not filtered by 'colour'/],
        ["/jobs/job/tasks?$filter=lastModified gt 5", "InvalidQueryParameterValue", /'lastModified'/],
        ["/pools?$filter=state gt 'active'", "InvalidQueryParameterValue", /not compared by 'gt'/],
        ["/pools?$filter=id eq", "InvalidQueryParameterValue", /got the end/],
        ["/pools?$select=id,colour", "InvalidQueryParameterValue", /'colour'/],
        ["/jobs/job?$select=poolinfo", "InvalidQueryParameterValue", /'poolinfo'/],
        ["/jobs?$expand=tasks", "InvalidQueryParameterValue", /stats/],
        ["/nodecounts?$expand=stats", "UnsupportedQueryParameter"],
        ["/nodecounts?$select=poolId", "UnsupportedQueryParameter"],
        ["/pools?maxresults=many", "InvalidQueryParameterValue", /whole number/],
      ];
      for (const [path, code, reason] of wrong) {
        const { status, body } = await raw(cloud, "GET", path);

        expect([path, status, (body as { code: string }).code]).toEqual([path, 400, code]);
        const values = (body as { values: { key: string; value: string }[] }).values;
        if (reason !== undefined) expect(values.find(({ key }) => key === "Reason")?.value).toMatch(reason);
      }
      const listed = cloud.client.task.list("job", { taskListOptions: { filter: "id eq 'a" } });
      expect((await refusal(listed)).code).toBe("InvalidQueryParameterValue");
    });
  });
});

describe("a single entity", () => {
  it("shows only what is selected, beside its metadata", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await client.pool.add(pool());
      await addJob(client);
      await runTask(client, "true");
      const [node] = await client.computeNode.list("pool");

      for (const [path, id] of [
        ["/pools/pool", "pool"],
        ["/jobs/job", "job"],
        ["/jobs/job/tasks/task", "task"],
        [`/pools/pool/nodes/${node!.id!}`, node!.id!],
      ] as const)
        expect((await raw(cloud, "GET", `${path}?$select=id`)).body).toEqual({
          "odata.metadata": expect.stringMatching(/#\w+\/@Element$/) as string,
          id,
        });
      expect(
        await client.job.get("job", { jobGetOptions: { select: "id,state", expand: "stats" } }),
      ).toMatchObject({ id: "job", state: "active" });
    });
  });
});
