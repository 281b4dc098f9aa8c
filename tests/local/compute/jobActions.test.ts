import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobActions } from "../../../local/compute/jobActions";
import type { JobDisabling } from "../../../local/compute/jobDisabling";
import type { Jobs } from "../../../local/compute/jobs";
import { openState } from "../../../local/compute/openState";
import type { JobRecord, TaskRecord } from "../../../local/compute/state";
import { openStore } from "../../../local/store";

const minute = (n: number): string => `2026-01-01T00:0${n}:00.000Z`;

const job = (id: string, movedAt: number, more: Partial<JobRecord["spec"]>): JobRecord => ({
  id,
  spec: { id, poolInfo: { poolId: "pool" }, ...more },
  poolId: "pool",
  state: "active",
  stateTransitionTime: minute(movedAt),
  creationTime: minute(0),
  lastModified: minute(movedAt),
});

const task = (jobId: string, endedAt: number, more: Partial<TaskRecord["spec"]> = {}): TaskRecord => ({
  jobId,
  id: "task",
  order: 1,
  spec: { id: "task", commandLine: "false", ...more },
  state: "completed",
  stateTransitionTime: minute(endedAt),
  creationTime: minute(0),
  lastModified: minute(0),
  run: {
    retryCount: 0,
    result: "failure",
    exitCode: 1,
    failureInfo: { category: "UserError", code: "FailureExitCode", message: "It failed." },
  },
  requeueCount: 0,
});

describe("a service that was killed between a task's end and what it means for the job", () => {
  it("makes up for it at its next start, and for nothing that was done before", async () => {
    const folder = await mkdtemp(join(tmpdir(), "job-actions-"));
    const store = openStore(folder);
    const state = openState(store, "account");
    const done: string[] = [];
    const jobs = { terminate: (id: string, reason: string) => done.push(`${id} ${reason}`) };
    const disabling = { disable: ({ id }: JobRecord, how: string) => done.push(`${id} ${how}`) };
    const performs = { onTaskFailure: "performexitoptionsjobaction" as const };
    const disables = { exitConditions: { default: { jobAction: "disable" as const } } };
    const managed = { jobManagerTask: { id: "task", commandLine: "false" } };
    const put = (record: JobRecord, its: TaskRecord): void => {
      state.jobs.put(record);
      state.tasks.put(its);
    };
    put(job("failed", 1, performs), task("failed", 2));
    put(job("disabled", 1, performs), task("disabled", 2, disables));
    put(job("enabled-since", 3, performs), task("enabled-since", 2, disables));
    put(job("managed", 1, managed), task("managed", 2));
    put(job("plain", 1, {}), task("plain", 2));

    new JobActions(state, jobs as unknown as Jobs, disabling as unknown as JobDisabling).start();

    expect(done).toEqual(["disabled requeue", "failed TaskFailed", "managed JMComplete"]);
    await store.close();
    await rm(folder, { recursive: true });
  });
});
