import { openBatch } from "../../infra/job/batch";
import type { NodeView, PoolView } from "../../infra/job/batchViews";
import { snapshot, type Snapshot } from "../../infra/job/progress";
import type { Run } from "../../infra/job/run";
import { explained, idleText, IdleWatch, whyIdle, type ExplainedIdle } from "../../infra/job/whyIdle";
import { eventually, withBatchCloud, type BatchCloud, type CloudOptions } from "../local/batch/batchCloud";
import { bash, pool } from "../local/batch/fixtures";
import { emptyPool } from "./emptyPool";

const job = "detect-01234567-0123456789ab";
const batchOf = ({ client }: BatchCloud) => openBatch(client, () => undefined);

async function explanation(cloud: BatchCloud): Promise<ExplainedIdle | null> {
  const batch = batchOf(cloud);
  const found = whyIdle(await snapshot({ job } as Run, batch));
  return found === null ? null : explained(found, "pool", batch);
}

/** A run's job with a task that waits, on pool "pool" unless told. */
async function addRun({ client }: BatchCloud, more: object = {}): Promise<void> {
  const jobPreparationTask = { commandLine: "true", waitForSuccess: true };
  await client.job.add({ id: job, poolInfo: { poolId: "pool" }, jobPreparationTask, ...more });
  await client.task.add(job, { id: "task", commandLine: "sleep 1000" });
}

const nodesAre = ({ client }: BatchCloud, state: string): Promise<unknown> =>
  eventually(`nodes that are ${state}`, async () => {
    const nodes = await client.computeNode.list("pool");
    return nodes.length > 0 && nodes.every((node) => node.state === state);
  });
const poolIsSteady = ({ client }: BatchCloud): Promise<unknown> =>
  eventually("a steady pool", async () => (await client.pool.get("pool")).allocationState === "steady");

type Case = [string, (cloud: BatchCloud) => Promise<void>, Partial<ExplainedIdle>, CloudOptions?];
const cases: Case[] = [
  [
    "its job is disabled",
    async (cloud) => {
      await cloud.client.pool.add(pool());
      await addRun(cloud);
      await cloud.client.job.disable(job, "requeue");
      await eventually("disabled", async () => (await cloud.client.job.get(job)).state === "disabled");
    },
    { kind: "job-disabled", next: expect.stringContaining("submit --stack NAME") as string },
  ],
  [
    "its job has no tasks, because the submit was killed",
    async ({ client }) => {
      await client.pool.add(pool());
      await client.job.add({ id: job, poolInfo: { poolId: "pool" } });
    },
    { kind: "no-tasks" },
  ],
  [
    "its pool is gone",
    async (cloud) => {
      await cloud.client.pool.add(pool({ targetDedicatedNodes: 0 }));
      await addRun(cloud);
      await cloud.client.pool.deleteMethod("pool");
      await eventually("no pool", async () => (await cloud.client.pool.list()).length === 0);
    },
    { kind: "no-pool", why: "There is no pool pool.", next: "Deploy the stack: pulumi up" },
  ],
  [
    "there is no quota for a node",
    async (cloud) => {
      await cloud.client.pool.add(pool());
      await addRun(cloud);
      await poolIsSteady(cloud);
    },
    {
      kind: "resize-failed",
      why: expect.stringContaining("AccountCoreQuotaReached") as string,
      next: expect.stringContaining("Ask for more quota") as string,
    },
    { dedicatedCoreQuota: 1 } as CloudOptions,
  ],
  [
    "its pool is meant to be empty",
    async (cloud) => {
      await cloud.client.pool.add(pool({ targetDedicatedNodes: 0 }));
      await addRun(cloud);
      await poolIsSteady(cloud);
    },
    { kind: "pool-empty" },
  ],
  [
    "its pool scales and has not looked at the tasks yet",
    async (cloud) => {
      const autoscale = { enableAutoScale: true, autoScaleFormula: "$TargetDedicatedNodes = 0;" };
      await cloud.client.pool.add({ ...pool(autoscale), targetDedicatedNodes: undefined });
      await addRun(cloud);
      await poolIsSteady(cloud);
    },
    { kind: "awaiting-evaluation", next: null },
  ],
  [
    "its nodes are not ready",
    async (cloud) => {
      const startTask = { commandLine: "sleep 1000", waitForSuccess: true };
      await cloud.client.pool.add(pool({ startTask }));
      await addRun(cloud);
      await nodesAre(cloud, "waitingforstarttask");
    },
    { kind: "nodes-starting", why: "The nodes are not ready yet: 1 waitingforstarttask." },
  ],
  [
    "the start task failed, in the node's own words",
    async (cloud) => {
      const startTask = {
        commandLine: bash("echo one >&2; echo no model here >&2; exit 1"),
        waitForSuccess: true,
      };
      await cloud.client.pool.add(pool({ startTask }));
      await addRun(cloud);
      await nodesAre(cloud, "starttaskfailed");
    },
    { kind: "start-tasks-failed", stderr: "one\nno model here" },
  ],
  [
    "its preparation failed, in the node's own words",
    async (cloud) => {
      await cloud.client.pool.add(pool());
      await addRun(cloud, {
        jobPreparationTask: { commandLine: bash("echo disk full >&2; exit 1"), waitForSuccess: true },
      });
      await eventually("a failed preparation", async () =>
        (await batchOf(cloud).listPreparations(job)).some(({ failure }) => failure !== null),
      );
    },
    { kind: "preparation-failed", stderr: "disk full" },
  ],
];

describe("nothing of a run is running because", () => {
  it.each(cases.map(([title, ...given]) => ({ title, given })))("$title", async ({ given }) => {
    const [arrange, expected, options] = given;
    await withBatchCloud(async (cloud) => {
      await arrange(cloud);

      expect(await explanation(cloud)).toMatchObject(expected);
    }, options);
  });

  it("other jobs have the slots; and it is not said any more once a task runs", async () => {
    await withBatchCloud(async (cloud) => {
      const { client } = cloud;
      await client.pool.add(pool());
      await client.job.add({ id: "other", poolInfo: { poolId: "pool" } });
      await client.task.add("other", { id: "task", commandLine: "sleep 1000" });
      await nodesAre(cloud, "running");
      await addRun(cloud);

      expect(await explanation(cloud)).toMatchObject({ kind: "nodes-busy" });
      await client.job.terminate("other");
      await eventually(
        "the task to run",
        async () => (await client.task.get(job, "task")).state === "running",
      );
      expect(await explanation(cloud)).toBeNull();
    });
  });
});

describe("what pools and nodes say", () => {
  const node = (state: string, errors: string[] = []): NodeView => ({
    ...{ id: `node-${state}`, state, startTaskFailure: null, errors },
  });
  const look = (pool: PoolView, nodes: NodeView[], atMs = 0): Snapshot => ({
    ...{ atMs, pool, nodes, preparations: [], tasks: { active: 3, running: 0, succeeded: 0, failed: 0 } },
    job: {
      ...{ id: job, poolId: "pool", state: "active", sealed: true },
      createdAt: new Date(0),
      endedAt: null,
      terminateReason: null,
      eTag: null,
    },
  });

  it.each<[PoolView, NodeView[], string, string]>([
    [{ ...emptyPool, state: "deleting" }, [], "pool-deleting", "being deleted"],
    [{ ...emptyPool, allocationState: "resizing" }, [], "resizing", "resized to 2 nodes"],
    [
      { ...emptyPool, autoscale: { formula: "$x", error: "Syntax: bad" } },
      [],
      "autoscale-failed",
      "Syntax: bad",
    ],
    [emptyPool, [node("unusable", ["DiskFull: no room"])], "nodes-unusable", "DiskFull: no room"],
    [emptyPool, [node("unusable"), node("starting")], "nodes-starting", "1 unusable, 1 starting"],
    [emptyPool, [node("leavingpool")], "nodes-leaving", "1 leavingpool"],
    [emptyPool, [node("unusable"), node("idle")], "scheduling", "about to give them tasks"],
  ])("%#: is told with a reason", (pool, nodes, kind, why) => {
    const found = whyIdle(look(pool, nodes));

    expect([found?.kind, found?.why]).toEqual([kind, expect.stringContaining(why)]);
  });

  it("is told once while a run is followed, and not at all when it passes", () => {
    const watch = new IdleWatch();
    const starting = (atMs: number) => watch.look(look(emptyPool, [node("starting")], atMs))?.kind ?? null;

    expect([starting(0), starting(1_000), starting(6_000), starting(20_000)]).toEqual([
      null,
      null,
      "nodes-starting",
      null,
    ]);
    expect(watch.look(look(emptyPool, [node("idle")], 21_000))).toBeNull();
  });

  it("reads as a line, the node's words under it, and what to do", () => {
    const told = { nodeId: "node-1", file: "startup/stderr.txt" };

    expect(
      idleText({ kind: "start-tasks-failed", why: "It failed.", next: "Mend it.", told, stderr: "one\ntwo" }),
    ).toBe("Nothing runs: It failed.\nNode node-1 says:\n  one\n  two\n→ Mend it.");
  });
});
