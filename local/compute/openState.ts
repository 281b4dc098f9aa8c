/** Opening what a Batch account remembers: its records are read into memory once, and then kept on disk as they change. */
import type { Store } from "../store";
import { SortedMap } from "./sortedMap";
import type {
  JobRecord,
  NodeRecord,
  PoolRecord,
  PreparationRecord,
  Records,
  State,
  TaskRecord,
} from "./state";
import { TaskIndex } from "./taskIndex";

export function openState(store: Store, account: string): State {
  const open = <T>(
    name: string,
    idsOf: (record: T) => string[],
    onChange?: (before: T | undefined, after: T | undefined) => void,
  ): Records<T> => openRecords(store, `${account}/${name}`, idsOf, onChange);
  const taskIndex = new TaskIndex((jobId, taskId) => tasks.get(jobId, taskId));
  const tasks = open<TaskRecord>(
    "tasks",
    (task) => [task.jobId, task.id],
    (before, after) => taskIndex.changed(before, after),
  );
  return {
    pools: open<PoolRecord>("pools", (pool) => [pool.id]),
    nodes: open<NodeRecord>("nodes", (node) => [node.poolId, node.id]),
    jobs: open<JobRecord>("jobs", (job) => [job.id]),
    tasks,
    taskIndex,
    preparations: open<PreparationRecord>("preparations", (ran) => [ran.jobId, ran.nodeId]),
    written: () => store.written(),
  };
}

/** Forgets an account; it must have been stopped before. */
export function eraseState(store: Store, account: string): void {
  for (const name of ["pools", "nodes", "jobs", "tasks", "preparations"])
    store.table(`${account}/${name}`).clear();
}

/** Ids hold no slash, so joined ids cannot collide. */
const keyOf = (ids: readonly string[]): string => ids.map((id) => id.toLowerCase()).join("/");

/** Records lie in memory by all their ids but the last: a job's tasks are found without looking at those of others. */
function openRecords<T>(
  store: Store,
  name: string,
  idsOf: (record: T) => string[],
  onChange: (before: T | undefined, after: T | undefined) => void = () => undefined,
): Records<T> {
  const table = store.table<T>(name);
  const groups = new SortedMap<SortedMap<T>>();
  const groupOf = (ids: readonly string[]): SortedMap<T> | undefined => groups.get(keyOf(ids.slice(0, -1)));
  const remember = (record: T): void => {
    const ids = idsOf(record);
    const group = groupOf(ids) ?? new SortedMap<T>();
    const before = group.get(keyOf(ids));
    group.set(keyOf(ids), record);
    groups.set(keyOf(ids.slice(0, -1)), group);
    onChange(before, record);
  };
  table.list().forEach(remember);
  return {
    get: (...ids) => groupOf(ids)?.get(keyOf(ids)),
    put: (record) => {
      table.putBehind(keyOf(idsOf(record)), record);
      remember(record);
    },
    delete: (...ids) => {
      table.deleteBehind(keyOf(ids));
      const group = groupOf(ids);
      const before = group?.get(keyOf(ids));
      group?.delete(keyOf(ids));
      if (group?.size === 0) groups.delete(keyOf(ids.slice(0, -1)));
      onChange(before, undefined);
    },
    list: (...firstIds) =>
      firstIds.length === 0
        ? [...groups.all()].flatMap((group) => [...group.all()])
        : [...(groups.get(keyOf(firstIds))?.all() ?? [])],
    after: (...ids) => groupOf(ids)?.after(keyOf(ids)) ?? [],
  };
}
