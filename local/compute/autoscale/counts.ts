/** What there is to count of a pool: the values of the service-defined variables that a sample holds. */
import type { NodeState, PoolRecord, State } from "../state";
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

/** As the samples name them. */
interface PoolTasks {
  readonly active: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
}

function countTasks(state: State, pool: PoolRecord): PoolTasks {
  const id = pool.id.toLowerCase();
  return state.jobs
    .list()
    .filter((job) => job.poolId.toLowerCase() === id)
    .map((job): PoolTasks => {
      const { active, preparing, running, succeeded, failed } = state.taskIndex.countsOf(job.id);
      const waiting = job.state === "active" ? active.tasks : 0;
      return {
        active: waiting + preparing.tasks,
        running: running.tasks,
        succeeded: succeeded.tasks,
        failed: failed.tasks,
      };
    })
    .reduce(
      (sum, one) => ({
        active: sum.active + one.active,
        running: sum.running + one.running,
        succeeded: sum.succeeded + one.succeeded,
        failed: sum.failed + one.failed,
      }),
      { active: 0, running: 0, succeeded: 0, failed: 0 },
    );
}
