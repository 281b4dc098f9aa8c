/** What there is to count of a pool: the values of the service-defined variables that a sample holds. */
import type { JobRecord, NodeState, PoolRecord, State, TaskRecord } from "../state";
import type { Counts } from "./history";

/**
 * A task is active while it waits for a node or, there, for its job's preparation. Only jobs whose tasks can run count (Azure: not documented for a
 * disabled job). Succeeded and failed are all so far. // unverified
 */
export function countsOf(state: State, pool: PoolRecord): Counts {
  const nodes = state.nodes.list(pool.id);
  const withState = (...states: readonly NodeState[]): number =>
    nodes.filter((node) => states.includes(node.state)).length;
  const dedicated = nodes.filter((node) => node.isDedicated).length;
  const tasks = countTasks(state, pool);
  return {
    $ActiveTasks: tasks.active,
    $RunningTasks: tasks.running,
    $PendingTasks: tasks.active + tasks.running,
    $SucceededTasks: tasks.succeeded,
    $FailedTasks: tasks.failed,
    $TaskSlotsPerNode: pool.spec.taskSlotsPerNode ?? 1,
    $CurrentDedicatedNodes: dedicated,
    $CurrentLowPriorityNodes: nodes.length - dedicated,
    $PreemptedNodeCount: withState("preempted"),
    $SampleNodeCount: withState("idle", "running"),
    $UsableNodeCount: withState("idle", "running"),
  };
}

interface TaskCounts {
  active: number;
  running: number;
  succeeded: number;
  failed: number;
}

function countTasks(state: State, pool: PoolRecord): TaskCounts {
  const counts: TaskCounts = { active: 0, running: 0, succeeded: 0, failed: 0 };
  const id = pool.id.toLowerCase();
  for (const job of state.jobs.list()) {
    if (job.poolId.toLowerCase() !== id) continue;
    for (const task of state.tasks.list(job.id)) {
      const counter = counterOf(task, job);
      if (counter !== undefined) counts[counter] += 1;
    }
  }
  return counts;
}

function counterOf(task: TaskRecord, job: JobRecord): keyof TaskCounts | undefined {
  switch (task.state) {
    case "active":
      return job.state === "active" ? "active" : undefined;
    case "preparing":
      return "active";
    case "running":
      return "running";
    case "completed":
      return task.run.result === "success" ? "succeeded" : "failed";
  }
}
