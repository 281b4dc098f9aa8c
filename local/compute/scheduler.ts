/** The scheduler: which waiting task runs on which node next. */
import { readiness } from "./dependencies";
import { managerNeeds } from "./jobManager";
import { takesTasks } from "./nodeState";
import type { JobRecord, NodeRecord, State, TaskRecord } from "./state";

export interface WaitingTask {
  readonly jobId: string;
  readonly taskId: string;
  readonly poolId: string;
  readonly priority: number;
  /** Order of arrival, among tasks of one priority. */
  readonly order: number;
  readonly requiredSlots: number;
  /** A soft hint: this node if it has room. */
  readonly affinityId?: string;
  /** Of a job's manager: it comes before the job's other tasks. */
  readonly manager?: { readonly wholeNode: boolean; readonly dedicated: boolean };
}

export interface FreeNode {
  readonly poolId: string;
  readonly nodeId: string;
  readonly affinityId: string;
  readonly isDedicated: boolean;
  readonly slots: number;
  readonly freeSlots: number;
  readonly fill: "spread" | "pack";
  isClosedTo(jobId: string): boolean;
}

export interface Placement {
  readonly jobId: string;
  readonly taskId: string;
  readonly poolId: string;
  readonly nodeId: string;
}

/**
 * Places as many waiting tasks as fit: jobs by priority, then managers, then first come, first served; Spread takes the emptiest node, Pack the fullest.
 * `freeTasksOf` says how many more tasks a job may run at once (maxParallelTasks).
 */
export function place(
  waiting: readonly WaitingTask[],
  nodes: readonly FreeNode[],
  freeTasksOf: (jobId: string) => number,
): Placement[] {
  const freeSlots = new Map(nodes.map((node) => [node.nodeId, node.freeSlots]));
  const placedOf = new Map<string, number>();
  const placements: Placement[] = [];
  const rank = (task: WaitingTask): number => (task.manager === undefined ? 1 : 0);
  const inOrder = [...waiting].sort(
    (a, b) => b.priority - a.priority || rank(a) - rank(b) || a.order - b.order,
  );
  for (const task of inOrder) {
    const placed = placedOf.get(task.jobId) ?? 0;
    if (placed >= freeTasksOf(task.jobId)) continue;
    const freeOf = (node: FreeNode): number => freeSlots.get(node.nodeId) ?? 0;
    const needed = (node: FreeNode): number => (task.manager?.wholeNode ? node.slots : task.requiredSlots);
    const candidates = nodes.filter(
      (node) =>
        node.poolId === task.poolId &&
        freeOf(node) >= needed(node) &&
        (node.isDedicated || task.manager?.dedicated !== true) &&
        !node.isClosedTo(task.jobId),
    );
    const [first, ...others] = candidates;
    if (first === undefined) continue;
    const better = (left: FreeNode, right: FreeNode): boolean =>
      left.fill === "pack" ? freeOf(left) < freeOf(right) : freeOf(left) > freeOf(right);
    const node =
      candidates.find((candidate) => candidate.affinityId === task.affinityId) ??
      others.reduce((best, candidate) => (better(candidate, best) ? candidate : best), first);
    freeSlots.set(node.nodeId, freeOf(node) - needed(node));
    placedOf.set(task.jobId, placed + 1);
    placements.push({ jobId: task.jobId, taskId: task.taskId, poolId: node.poolId, nodeId: node.nodeId });
  }
  return placements;
}

/** What the scheduler needs of the rest of compute. */
export interface SchedulerPorts {
  slotsInUse(nodeId: string): number;
  tasksRunning(jobId: string): number;
  isClosed(jobId: string, node: NodeRecord): boolean;
  start(task: TaskRecord, node: NodeRecord): void;
  /** Ends what is done, jobs and waits of leaving nodes; called before tasks are placed. */
  review(): void;
}

/** Affinity id of a node, as the service shows it. */
export const affinityIdOf = (nodeId: string): string => `TVM:${nodeId}`;

/** Looks at everything once after any number of changes. */
export class Scheduler {
  private due = false;
  private stopped = false;

  constructor(
    private readonly state: State,
    private readonly ports: SchedulerPorts,
  ) {}

  wake(): void {
    if (this.due || this.stopped) return;
    this.due = true;
    setImmediate(() => {
      this.due = false;
      if (!this.stopped) this.pass();
    });
  }

  stop(): void {
    this.stopped = true;
  }

  private pass(): void {
    this.ports.review();
    const jobs = this.state.jobs.list().filter((job) => job.state === "active");
    const nodes = this.freeNodes();
    if (nodes.length === 0 || jobs.length === 0) return;
    const waiting = jobs.flatMap((job) => this.waitingTasks(job));
    for (const { jobId, taskId, poolId, nodeId } of place(waiting, nodes, (id) => this.freeTasksOf(id))) {
      const task = this.state.tasks.get(jobId, taskId);
      const node = this.state.nodes.get(poolId, nodeId);
      if (task !== undefined && node !== undefined) this.ports.start(task, node);
    }
  }

  private waitingTasks(job: JobRecord): WaitingTask[] {
    const tasks = this.state.tasks.list(job.id);
    const isReady = readiness(
      (taskId) => this.state.tasks.get(job.id, taskId),
      () => tasks,
    );
    return tasks
      .filter((task) => task.state === "active" && isReady(task))
      .map((task) => ({
        jobId: job.id,
        taskId: task.id,
        poolId: job.poolId.toLowerCase(),
        priority: job.spec.priority ?? 0,
        order: task.order,
        requiredSlots: task.spec.requiredSlots ?? 1,
        affinityId: task.spec.affinityInfo?.affinityId,
        manager: managerNeeds(job, task),
      }));
  }

  private freeNodes(): FreeNode[] {
    return this.state.nodes.list().flatMap((node) => {
      const pool = this.state.pools.get(node.poolId);
      if (pool?.state !== "active" || !takesTasks(node)) return [];
      const slots = pool.spec.taskSlotsPerNode ?? 1;
      const freeSlots = slots - this.ports.slotsInUse(node.id);
      if (freeSlots <= 0) return [];
      return [
        {
          poolId: node.poolId.toLowerCase(),
          nodeId: node.id,
          affinityId: affinityIdOf(node.id),
          isDedicated: node.isDedicated,
          slots,
          freeSlots,
          fill: pool.spec.taskSchedulingPolicy?.nodeFillType.toLowerCase() === "pack" ? "pack" : "spread",
          isClosedTo: (jobId) => this.ports.isClosed(jobId, node),
        } satisfies FreeNode,
      ];
    });
  }

  private freeTasksOf(jobId: string): number {
    const most = this.state.jobs.get(jobId)?.spec.maxParallelTasks ?? -1;
    return most === -1 ? Infinity : most - this.ports.tasksRunning(jobId);
  }
}
