import { openState } from "../../../local/compute/openState";
import type { State, TaskRecord, TaskState } from "../../../local/compute/state";
import { openStore } from "../../../local/store";
import { withTemporaryFolder } from "../../support/temporaryFolder";

const time = "2026-01-01T00:00:00.000Z";

const task = (
  order: number,
  state: TaskState = "active",
  more: Partial<TaskRecord> = {},
  spec: Partial<TaskRecord["spec"]> = {},
): TaskRecord => ({
  jobId: "job",
  id: `task-${order}`,
  order,
  spec: { id: `task-${order}`, commandLine: "true", ...spec },
  state,
  stateTransitionTime: time,
  creationTime: time,
  lastModified: time,
  run: state === "completed" ? { retryCount: 0, result: "success", exitCode: 0 } : { retryCount: 0 },
  requeueCount: 0,
  ...more,
});

const succeeded = (order: number, more: Partial<TaskRecord> = {}): TaskRecord =>
  task(order, "completed", { run: { retryCount: 0, result: "success" }, ...more });

/** A state over a fresh folder, and how to open it as after a crash: from what is on disk. */
async function withState(
  test: (state: State, reopened: () => Promise<State>) => Promise<void> | void,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    let store = openStore(folder);
    try {
      await test(openState(store, "account"), async () => {
        await store.close();
        store = openStore(folder);
        return openState(store, "account");
      });
    } finally {
      await store.close();
    }
  });
}

const tasksIn = (state: State): Record<string, number> =>
  Object.fromEntries(
    Object.entries(state.taskIndex.countsOf("job")).map(([name, { tasks }]) => [name, tasks]),
  );

const ready = (state: State, slots = 1): string[] =>
  [...(state.taskIndex.waitingOf("JOB")?.ready(slots) ?? [])].map(({ id }) => id);

const waitsFor = (...taskIds: string[]): Partial<TaskRecord["spec"]> => ({ dependsOn: { taskIds } });

describe("the index of tasks", () => {
  it("counts tasks in each state, and follows them from one to the next", async () => {
    await withState((state) => {
      state.tasks.put(task(1));
      state.tasks.put(task(2));
      state.tasks.put(task(3, "preparing"));
      state.tasks.put(task(1, "running"));
      expect(tasksIn(state)).toEqual({ active: 1, preparing: 1, running: 1, succeeded: 0, failed: 0 });

      state.tasks.put(succeeded(1));
      state.tasks.put(task(3, "completed", { run: { retryCount: 0, result: "failure" } }));
      state.tasks.delete("job", "TASK-2");
      expect(tasksIn(state)).toEqual({ active: 0, preparing: 0, running: 0, succeeded: 1, failed: 1 });
    });
  });

  it("counts the slots that tasks take", async () => {
    await withState((state) => {
      state.tasks.put(task(1, "active", {}, { requiredSlots: 3 }));
      state.tasks.put(task(2));

      expect(state.taskIndex.countsOf("job").active).toEqual({ tasks: 2, slots: 4 });
    });
  });

  it("knows nothing of a job whose tasks are all gone", async () => {
    await withState((state) => {
      state.tasks.put(task(1));
      state.tasks.delete("job", "task-1");

      expect(tasksIn(state)).toEqual({ active: 0, preparing: 0, running: 0, succeeded: 0, failed: 0 });
      expect(state.taskIndex.waitingOf("job")).toBeUndefined();
    });
  });

  it("keeps waiting tasks in the order of arrival, where one that is requeued gets its old place", async () => {
    await withState((state) => {
      for (const order of [1, 2, 10, 3]) state.tasks.put(task(order));
      state.tasks.put(task(1, "running"));
      expect(ready(state)).toEqual(["task-2", "task-3", "task-10"]);

      state.tasks.put(task(1, "active", { requeueCount: 1 }));
      state.tasks.delete("job", "task-3");
      expect(ready(state)).toEqual(["task-1", "task-2", "task-10"]);
    });
  });

  it("keeps tasks that need more slots in a queue of their own", async () => {
    await withState((state) => {
      state.tasks.put(task(1, "active", {}, { requiredSlots: 4 }));
      state.tasks.put(task(2));

      expect(state.taskIndex.waitingOf("job")?.sizes().sort()).toEqual([1, 4]);
      expect(ready(state, 4)).toEqual(["task-1"]);
    });
  });

  it("lets a task run when the last of those it depends on has been done, whatever the order", async () => {
    await withState((state) => {
      for (const order of [1, 2]) state.tasks.put(task(order, "running"));
      state.tasks.put(task(3, "active", {}, waitsFor("Task-1", "task-2")));
      expect(ready(state)).toEqual([]);

      state.tasks.put(succeeded(2));
      expect(ready(state)).toEqual([]);
      state.tasks.put(succeeded(1));
      expect(ready(state)).toEqual(["task-3"]);
    });
  });

  it("knows tasks of a range by their numbers, of which any spelling will do", async () => {
    await withState((state) => {
      const range = { dependsOn: { taskIdRanges: [{ start: 1, end: 3 }] } };
      state.tasks.put(task(9, "active", {}, range));
      for (const [order, id] of [
        [1, "1"],
        [2, "02"],
      ] as const)
        state.tasks.put(succeeded(order, { id }));
      expect(ready(state)).toEqual([]);

      state.tasks.put(succeeded(3, { id: "003" }));
      expect(ready(state)).toEqual(["task-9"]);
      state.tasks.delete("job", "02");
      expect(ready(state)).toEqual([]);
    });
  });

  it("lets a task wait again when what it depends on is taken back before it began", async () => {
    await withState((state) => {
      state.tasks.put(succeeded(1));
      state.tasks.put(task(2, "active", {}, waitsFor("task-1")));
      expect(ready(state)).toEqual(["task-2"]);

      state.tasks.delete("job", "task-1");
      expect(ready(state)).toEqual([]);
      state.tasks.put(succeeded(1));
      expect(ready(state)).toEqual(["task-2"]);
    });
  });

  it("forgets a task that waits for another one when it is ended or deleted", async () => {
    await withState((state) => {
      state.tasks.put(task(1, "active", {}, waitsFor("task-9")));
      state.tasks.put(task(2, "active", {}, waitsFor("task-9")));
      expect(ready(state)).toEqual([]);

      state.tasks.put(task(1, "completed", { run: { retryCount: 0, result: "failure" } }));
      state.tasks.delete("job", "task-2");
      state.tasks.put(succeeded(9));
      expect(ready(state)).toEqual([]);
    });
  });

  it("knows which nodes hold files of completed tasks", async () => {
    await withState((state) => {
      const place = { poolId: "pool", nodeId: "node" };
      state.tasks.put(task(1, "running", { place }));
      expect(state.taskIndex.keepsFilesOn("node")).toBe(false);

      state.tasks.put(succeeded(1, { place }));
      state.tasks.put(succeeded(2, { place }));
      expect(state.taskIndex.keepsFilesOn("node")).toBe(true);
      state.tasks.put(succeeded(1, { place, filesCleanedUp: true }));
      state.tasks.delete("job", "task-2");
      expect(state.taskIndex.keepsFilesOn("node")).toBe(false);
    });
  });

  it("is the same after a restart", async () => {
    await withState(async (state, reopened) => {
      state.tasks.put(task(3));
      state.tasks.put(task(2, "active", {}, waitsFor("task-4")));
      state.tasks.put(task(1, "running"));
      state.tasks.put(succeeded(4));
      state.tasks.put(task(5));
      state.tasks.delete("job", "task-5");
      await state.written();
      const before = [tasksIn(state), ready(state)];

      const again = await reopened();

      expect([tasksIn(again), ready(again)]).toEqual(before);
      expect(before).toEqual([
        { active: 2, preparing: 0, running: 1, succeeded: 1, failed: 0 },
        ["task-2", "task-3"],
      ]);
    });
  });
});
