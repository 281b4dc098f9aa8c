/** When and where the tasks of a run ran: what Batch tells, as run.json keeps it. Pure. */
import type { TaskView } from "./batchViews";
import type { TaskTimes } from "./run";

/** Of the tasks that came to a node. */
export function timesOf(tasks: readonly TaskView[]): TaskTimes[] {
  return tasks.flatMap(({ id, nodeId, startedAt, endedAt, succeeded, retries }) =>
    startedAt === null
      ? []
      : [
          {
            id,
            node: nodeId,
            startedAt: startedAt.toISOString(),
            endedAt: endedAt?.toISOString() ?? null,
            succeeded,
            retries,
          },
        ],
  );
}

/** From the first start to the last end; null where no task has both. */
export function secondsOf(tasks: readonly TaskTimes[]): number | null {
  let [first, last] = [Infinity, -Infinity];
  for (const { startedAt, endedAt } of tasks) {
    first = Math.min(first, Date.parse(startedAt));
    if (endedAt !== null) last = Math.max(last, Date.parse(endedAt));
  }
  return last > first ? Math.round((last - first) / 10) / 100 : null;
}

/** The sum over the nodes of the same; null where Batch told of no node. */
export function nodeSecondsOf(tasks: readonly TaskTimes[]): number | null {
  const seconds = [...byNode(tasks).values()].flatMap((own) => secondsOf(own) ?? []);
  return seconds.length === 0 ? null : Math.round(seconds.reduce((sum, each) => sum + each, 0) * 100) / 100;
}

/** In the order in which the nodes had their first tasks. A node that is gone has told no name. */
export function byNode(tasks: readonly TaskTimes[]): ReadonlyMap<string, readonly TaskTimes[]> {
  const nodes = new Map<string, TaskTimes[]>();
  const inOrder = [...tasks].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  for (const task of inOrder) {
    const name = task.node ?? "unknown node";
    const own = nodes.get(name);
    if (own === undefined) nodes.set(name, [task]);
    else own.push(task);
  }
  return nodes;
}
