/** Asking a pool that scales for nodes, against the local Batch service. */
import { autoscaleFormula } from "../../infra/autoscale";
import { askForNodes } from "../../infra/job/askForNodes";
import { openBatch, type Batch } from "../../infra/job/batch";
import { realPace, type Pace } from "../../infra/job/pace";
import {
  type BatchCloud,
  type CloudOptions,
  bearer,
  batchAudience,
  withBatchCloud,
} from "../local/batch/batchCloud";
import { pool } from "../local/batch/fixtures";

/** A sample each second, seen a second later; the next evaluation of the pool's own is minutes away. */
const slow: CloudOptions = { autoscaleSpeed: 30 };

async function withEmptyPool(
  test: (cloud: BatchCloud, batch: Batch, notes: string[]) => Promise<void>,
  options: CloudOptions = {},
): Promise<void> {
  await withBatchCloud(
    async (cloud) => {
      const size = { ...pool({ taskSlotsPerNode: 1 }), targetDedicatedNodes: undefined };
      await cloud.client.pool.add({
        ...size,
        enableAutoScale: true,
        autoScaleFormula: autoscaleFormula({ minNodes: 0, maxNodes: 2, spotShare: 0 }),
        autoScaleEvaluationInterval: "PT168H",
      });
      const notes: string[] = [];
      const client = cloud.clientWith(bearer(batchAudience));
      await test(
        cloud,
        openBatch(client, (line) => notes.push(line)),
        notes,
      );
    },
    { ...slow, ...options },
  );
}

async function addTasks({ client }: BatchCloud, count: number): Promise<void> {
  await client.job.add({ id: "job", poolInfo: { poolId: "pool" } });
  for (let index = 0; index < count; index += 1)
    await client.task.add("job", { id: `task-${index}`, commandLine: "sleep 1000" });
}

/** Time that passes as soon as somebody waits. */
function hurried(): Pace {
  let nowMs = 0;
  return { nowMs: () => nowMs, random: () => 0, sleep: (ms) => Promise.resolve(void (nowMs += ms)) };
}

it("brings the nodes for new tasks as soon as they are counted, long before the next interval", async () => {
  await withEmptyPool(async (cloud, batch, notes) => {
    await addTasks(cloud, 3);

    await askForNodes("pool", batch, (line) => notes.push(line));

    expect((await batch.getPool("pool"))?.targetNodes).toBe(2);
    expect(notes.at(-1)).toBe("Pool pool is to have 2 nodes.");
  });
});

it("asks again without harm: the pool has what it wants, and twice within 30 s is refused", async () => {
  await withEmptyPool(async (cloud, batch, notes) => {
    const read = (await batch.getPool("pool"))!;
    expect(await batch.enableAutoscale(read)).toBe(true);
    expect(await batch.enableAutoscale(read)).toBe(false);
    await addTasks(cloud, 1);
    await askForNodes("pool", batch, (line) => notes.push(line));
    const asked = notes.length;

    await askForNodes("pool", batch, (line) => notes.push(line), hurried());

    expect((await batch.getPool("pool"))?.targetNodes).toBe(1);
    expect(notes).toHaveLength(asked);
  });
});

it("leaves the formula, and with it what the program declares, as it was", async () => {
  await withEmptyPool(async (cloud, batch) => {
    const declared = ({ autoScaleFormula, autoScaleEvaluationInterval }: Record<string, unknown>) => ({
      autoScaleFormula,
      autoScaleEvaluationInterval,
    });
    const before = declared({ ...(await cloud.client.pool.get("pool")) });
    await addTasks(cloud, 1);

    await askForNodes("pool", batch, () => undefined);

    expect(declared({ ...(await cloud.client.pool.get("pool")) })).toEqual(before);
  });
});

it("does not wait for ever for tasks that nobody counts", async () => {
  await withEmptyPool(
    async (_, batch, notes) => {
      await askForNodes("pool", batch, (line) => notes.push(line), hurried());

      expect(notes).toEqual([
        "Pool pool has no nodes yet: waiting for Batch to count the tasks, a minute or two …",
        "Batch has not counted the tasks yet; pool pool looks again by itself, every 5 minutes.",
      ]);
    },
    { autoscaleSpeed: 1 },
  );
});

it("has no business with a pool of fixed size", async () => {
  await withBatchCloud(async ({ client }) => {
    await client.pool.add(pool({ targetDedicatedNodes: 0 }));
    const batch = openBatch(client, () => undefined);
    const notes: string[] = [];

    await askForNodes("pool", batch, (line) => notes.push(line), realPace);

    expect([notes, (await client.pool.get("pool")).enableAutoScale]).toEqual([[], false]);
  });
});

it("says so and goes on where the caller may submit jobs and not change pools", async () => {
  await withEmptyPool(
    async (cloud, batch, notes) => {
      await addTasks(cloud, 1);

      await askForNodes("pool", batch, (line) => notes.push(line));

      expect(notes).toEqual([
        expect.stringMatching(
          /AuthorizationFailure.* Its nodes come without that, within 5 minutes\.$/,
        ) as string,
      ]);
    },
    { allows: (_caller, { name }) => name === "Microsoft.Batch/batchAccounts/pools/read" },
  );
});
