/** Real pools of the local Batch service with a task on every node, and what a step of a deploy does to these tasks. */
import { nodesOf } from "../../../infra/review/nodes";
import type { Step } from "../../../infra/review/preview";
import type { Inputs } from "../../../infra/review/values";
import { dataPlanePool } from "../../../local/arm/pool";
import type { BatchAccount } from "../../../local/compute/account";
import type { PoolSpec, TaskRecord } from "../../../local/compute/state";
import { eventually } from "../../local/batch/batchCloud";
import { bash } from "../../local/batch/fixtures";

/** Takes a pool's update or removal for real. True when it ended or restarted a task that ran before. `id`: of its own, for pool and job. */
export async function interruptsTasks(
  account: BatchAccount,
  { op, before, after }: Step,
  id: string,
): Promise<boolean> {
  const [olds, news] = [before!.inputs, after?.inputs];
  const running = await startTasks(account, olds, id);
  // As the program has it, a replacement removes the old pool in the end; moving jobs away before is the submit step's (tests/e2e/moveJobs).
  if (op === "update") account.updatePool(specOf(news!, id));
  else await account.deletePool(id);
  // A formula lets nodes go when their tasks have ended, which these never do.
  await eventually(`pool ${id} to be as it is meant to be, or to wait for its tasks`, () => {
    const pool = account.getPool(id);
    return Promise.resolve(pool?.allocationState !== "resizing" || pool.deallocation === "taskcompletion");
  });
  const now = new Map(account.tasks.list(id).map((task) => [task.id, task]));
  const interrupted = running.some((task) => !isSameRun(task, now.get(task.id)));
  if (account.getPool(id) !== undefined) await account.deletePool(id);
  return interrupted;
}

/** Resolves with the tasks, one on each node that the pool may have, when all run. */
async function startTasks(account: BatchAccount, pool: Inputs, id: string): Promise<readonly TaskRecord[]> {
  const { ceiling } = nodesOf(pool)!;
  const spec = specOf(pool, id);
  const fixed = {
    enableAutoScale: false,
    autoScaleFormula: undefined,
    autoScaleEvaluationInterval: undefined,
  };
  account.createPool({ ...spec, ...fixed, targetDedicatedNodes: ceiling });
  account.jobs.add({ id, poolInfo: { poolId: id } });
  for (let number = 0; number < ceiling; number++)
    account.tasks.add(id, {
      id: `task-${number}`,
      commandLine: bash("sleep 1000"),
      requiredSlots: spec.taskSlotsPerNode,
    });
  await eventually(`the tasks of ${id} to run`, () =>
    Promise.resolve(
      account.tasks.list(id).every(({ state, run }) => state === "running" && run.startTime !== undefined),
    ),
  );
  if (spec.enableAutoScale === true) account.updatePool(spec);
  return account.tasks.list(id);
}

function isSameRun(before: TaskRecord, now: TaskRecord | undefined): boolean {
  return now?.state === "running" && now.run.startTime === before.run.startTime && now.requeueCount === 0;
}

/** The pool as declared, but for what would need storage: start task and identity. */
function specOf(inputs: Inputs, id: string): PoolSpec {
  const pool = { ...inputs, poolName: id, startTask: undefined, identity: undefined };
  return dataPlanePool(pool as unknown as Parameters<typeof dataPlanePool>[0]);
}
