import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, refusal } from "./batchCloud";
import { addJob, bash, completed, jobIn, nodesIn, pool, taskIn } from "./fixtures";
import { sharedCloud } from "./sharedCloud";

const cloud = sharedCloud();
const go = (): string => join(cloud.current.root, "release-go");

beforeAll(async () => {
  await cloud.current.client.pool.add(pool({ taskSlotsPerNode: 8 }));
  await nodesIn(cloud.current.client, "idle");
});

/** Brings a job into each of its states; those that pass by wait for a task of its own, or for a release task, that runs until `go` is there. */
const into: Readonly<Record<string, (id: string) => Promise<void>>> = {
  active: (id) => addJob(cloud.current.client, { id }),
  disabling: async (id) => {
    const { client } = cloud.current;
    await addJob(client, { id });
    await client.task.add(id, { id: "task", commandLine: waiting() });
    await taskIn(client, "task", "running", id);
    await client.job.disable(id, "wait");
  },
  disabled: async (id) => {
    await addJob(cloud.current.client, { id });
    await cloud.current.client.job.disable(id, "requeue");
    await jobIn(cloud.current.client, "disabled", id);
  },
  terminating: async (id) => {
    await withRelease(id);
    await cloud.current.client.job.terminate(id);
  },
  completed: async (id) => {
    await addJob(cloud.current.client, { id });
    await cloud.current.client.job.terminate(id);
    await jobIn(cloud.current.client, "completed", id);
  },
  deleting: async (id) => {
    await withRelease(id);
    await cloud.current.client.job.deleteMethod(id);
  },
};

const waiting = (): string => bash(`until [ -e ${go()} ]; do sleep 0.02; done`);

async function withRelease(id: string): Promise<void> {
  const { client } = cloud.current;
  await addJob(client, {
    id,
    jobPreparationTask: { commandLine: "true" },
    jobReleaseTask: { commandLine: waiting() },
  });
  await client.task.add(id, { id: "task", commandLine: "true" });
  await completed(client, "task", id);
}

/** What each operation says to a job: nothing where it works. */
async function answers(id: string): Promise<Record<string, string | undefined>> {
  const { client } = cloud.current;
  const code = (call: Promise<unknown>): Promise<string | undefined> =>
    call.then(
      () => undefined,
      (error: unknown) => {
        const { statusCode, code } = error as { statusCode: number; code: string };
        return `${statusCode} ${code}`;
      },
    );
  return {
    add: await code(addJob(client, { id })),
    enable: await code(client.job.enable(id)),
    patch: await code(client.job.patch(id, { priority: 1 })),
    update: await code(client.job.update(id, { poolInfo: { poolId: "pool" } })),
    addTask: await code(client.task.add(id, { id: "another", commandLine: "true", requiredSlots: 8 })),
    disable: await code(client.job.disable(id, "wait")),
    terminate: await code(client.job.terminate(id)),
    delete: await code(client.job.deleteMethod(id)),
  };
}

const all = (code: string) => ({
  add: code,
  enable: code,
  patch: code,
  update: code,
  addTask: code,
  disable: code,
  terminate: code,
});
const live = { ...all(""), add: "409 JobExists" };

describe("a job in each of its states", () => {
  it.each<[string, Record<string, string>]>([
    ["active", { ...live, enable: "409 OperationInvalidForCurrentState" }],
    ["disabling", { ...live, enable: "409 OperationInvalidForCurrentState" }],
    // Enabled by the second call: active again, or on its way there, where it cannot be disabled.
    ["disabled", live],
    ["terminating", { ...all("409 JobBeingTerminated"), add: "409 JobExists" }],
    ["completed", { ...all("409 JobCompleted"), add: "409 JobExists" }],
    ["deleting", { ...all("409 JobBeingDeleted"), delete: "409 JobBeingDeleted" }],
  ])("takes what that state allows: %s", async (state, expected) => {
    const { client } = cloud.current;
    const id = `job-${state}`;
    await into[state]?.(id);
    expect((await client.job.get(id)).state).toBe(state);

    const said = await answers(id);

    for (const [operation, code] of Object.entries(expected))
      expect([operation, said[operation] ?? ""]).toEqual([operation, code]);
  });

  it("is gone in the end, whatever it was in the middle of", async () => {
    const { client } = cloud.current;
    writeFileSync(go(), "");

    await eventually("all jobs to go", async () => (await client.job.list()).length === 0);
    expect((await refusal(client.job.get("job-active"))).code).toBe("JobNotFound");
  });
});
