import { openBatch, type Batch } from "../../infra/job/batch";
import type { JobView } from "../../infra/job/batchViews";
import { moveJobs, nextStep } from "../../infra/job/moveJobs";
import { eventually, withBatchCloud, type BatchCloud } from "../local/batch/batchCloud";
import { pool } from "../local/batch/fixtures";

const jobId = "detect-01234567-0123456789ab";
const older = "detect-89abcdef-0123456789ab-2";

const view = (state: string, poolId: string): JobView => ({
  id: jobId,
  poolId,
  state,
  sealed: true,
  createdAt: new Date(0),
  endedAt: null,
  terminateReason: null,
  eTag: null,
});

describe("nextStep", () => {
  it.each([
    ["active", "new", "none"],
    ["active", "NEW", "none"],
    ["active", "old", "disable"],
    ["disabling", "old", "wait"],
    ["disabling", "new", "wait"],
    ["disabled", "old", "set-pool"],
    ["disabled", "new", "enable"],
    ["enabling", "new", "none"],
    ["enabling", "old", "wait"],
    ["terminating", "old", "none"],
    ["completed", "old", "none"],
    ["deleting", "old", "none"],
  ])("of a job that is %s on the %s pool is %s", (state, poolId, kind) => {
    expect(nextStep(view(state, poolId), "new").kind).toBe(kind);
  });
});

/** Two pools, and on the old one a run with a task that runs for ever. */
async function withRun(
  test: (cloud: BatchCloud, batch: Batch, notes: string[]) => Promise<void>,
): Promise<void> {
  await withBatchCloud(async (cloud) => {
    const { client } = cloud;
    await client.pool.add(pool({ id: "old" }));
    await client.pool.add(pool({ id: "new" }));
    await addRun(cloud, jobId);
    await taskOn(cloud, jobId, "old");
    const notes: string[] = [];
    await test(
      cloud,
      openBatch(client, (line) => notes.push(line)),
      notes,
    );
  });
}

async function addRun({ client }: BatchCloud, id: string): Promise<void> {
  await client.job.add({ id, poolInfo: { poolId: "old" } });
  await client.task.add(id, { id: "task", commandLine: "sleep 1000" });
}

function taskOn({ client }: BatchCloud, id: string, poolId: string): Promise<unknown> {
  return eventually(`the task of ${id} to run on pool ${poolId}`, async () => {
    const task = await client.task.get(id, "task");
    return task.state === "running" && task.nodeInfo?.poolId === poolId;
  });
}

function jobIs({ client }: BatchCloud, state: string): Promise<unknown> {
  return eventually(`the job to be ${state}`, async () => (await client.job.get(jobId)).state === state);
}

describe("moveJobs", () => {
  it("moves every live run, of whatever lineage, with a line for each, and nothing else", async () => {
    await withRun(async (cloud, batch, notes) => {
      const { client } = cloud;
      await addRun(cloud, older);
      await addRun(cloud, "somebody-else");
      await addRun(cloud, "detect-00000000-000000000000");
      await client.job.terminate("detect-00000000-000000000000");

      const moved = await moveJobs("new", batch, (line) => notes.push(line));

      expect([...moved].sort()).toEqual([jobId, older]);
      expect(notes).toHaveLength(2);
      expect(notes.join()).toContain(`Job ${jobId} moves from pool old to new`);
      await eventually("a task on the new pool", async () =>
        (await Promise.all([jobId, older].map((id) => client.task.get(id, "task")))).some(
          (task) => task.nodeInfo?.poolId === "new",
        ),
      );
      expect((await client.job.get("somebody-else")).executionInfo?.poolId).toBe("old");
      expect(await moveJobs("new", batch, (line) => notes.push(line))).toEqual([]);
      expect(notes).toHaveLength(2);
    });
  });

  it.each<[string, (cloud: BatchCloud) => Promise<void>, string, readonly string[]]>([
    [
      "was disabling",
      async ({ client }) => {
        await client.job.disable(jobId, "requeue");
      },
      "moves from pool old to new",
      [jobId],
    ],
    [
      "was disabled",
      async (cloud) => {
        await cloud.client.job.disable(jobId, "requeue");
        await jobIs(cloud, "disabled");
      },
      "moves from pool old to new",
      [jobId],
    ],
    [
      "had its new pool",
      async (cloud) => {
        await cloud.client.job.disable(jobId, "requeue");
        await jobIs(cloud, "disabled");
        await cloud.client.job.patch(jobId, { poolInfo: { poolId: "new" } });
      },
      "is disabled, as a move that was interrupted leaves it; it is enabled again",
      [],
    ],
  ])("finishes a move that was killed when the job %s", async (_when, leave, words, expected) => {
    await withRun(async (cloud, batch, notes) => {
      await leave(cloud);

      const moved = await moveJobs("new", batch, (line) => notes.push(line));

      expect(moved).toEqual(expected);
      expect(notes).toEqual([expect.stringContaining(words)]);
      await taskOn(cloud, jobId, "new");
      expect((await cloud.client.job.get(jobId)).state).toBe("active");
    });
  });

  it("is made by two at once as by one", async () => {
    await withRun(async (cloud, batch, notes) => {
      const note = (line: string): void => void notes.push(line);

      const moved = await Promise.all([1, 2, 3].map(() => moveJobs("new", batch, note)));

      expect(moved.flat()).toEqual([jobId]);
      await taskOn(cloud, jobId, "new");
      expect((await cloud.client.task.get(jobId, "task")).executionInfo?.requeueCount).toBe(1);
    });
  });

  it("leaves a job where it runs when the new pool cannot run it", async () => {
    await withRun(async (cloud, batch) => {
      const note = (): void => undefined;
      await cloud.client.pool.add(pool({ id: "empty", targetDedicatedNodes: 0 }));

      await expect(moveJobs("empty", batch, note)).rejects.toThrow("is meant to have no nodes");
      await expect(moveJobs("missing", batch, note)).rejects.toThrow("does not exist");

      expect(await cloud.client.job.get(jobId)).toMatchObject({
        state: "active",
        poolInfo: { poolId: "old" },
      });
    });
  });

  it("says what it waits for when its time is over, and can be repeated", async () => {
    await withRun(async (cloud, batch) => {
      // A task that is waited for: whoever disabled the job wanted it so.
      await cloud.client.job.disable(jobId, "wait");
      let nowMs = 0;
      const pace = {
        nowMs: () => nowMs,
        random: () => 0.5,
        sleep: (ms: number) => {
          nowMs += ms * 60;
          return Promise.resolve();
        },
      };

      await expect(moveJobs("new", batch, () => undefined, pace)).rejects.toThrow(
        `Waited 10 minutes for job ${jobId} to move from pool old to new; it is disabling.`,
      );

      await cloud.client.job.disable(jobId, "requeue");
      expect(await moveJobs("new", batch, () => undefined)).toEqual([jobId]);
    });
  });
});
