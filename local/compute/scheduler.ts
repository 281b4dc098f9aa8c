/** The scheduler: starts waiting tasks where there is room for them, each time something has changed. */
import { managerNeeds } from "./jobManager";
import { takesTasks } from "./nodeState";
import { type FreeNode, place, type Queue, type WaitingTask } from "./placement";
import type { JobRecord, NodeRecord, State, TaskRecord } from "./state";

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
    const queues = jobs.flatMap((job) => this.queuesOf(job));
    for (const { jobId, taskId, poolId, nodeId } of place(queues, nodes, (id) => this.freeTasksOf(id))) {
      const task = this.state.tasks.get(jobId, taskId);
      const node = this.state.nodes.get(poolId, nodeId);
      if (task !== undefined && node !== undefined) this.ports.start(task, node);
    }
  }

  /** A job's manager has a queue of its own. */
  private queuesOf(job: JobRecord): Queue[] {
    const waiting = this.state.taskIndex.waitingOf(job.id);
    if (waiting === undefined) return [];
    const queue = { jobId: job.id, poolId: job.poolId.toLowerCase(), priority: job.spec.priority ?? 0 };
    const managerId = job.spec.jobManagerTask?.id;
    const manager = managerId === undefined ? undefined : this.state.tasks.get(job.id, managerId);
    return [
      ...(manager?.state === "active"
        ? [
            {
              ...queue,
              requiredSlots: manager.spec.requiredSlots ?? 1,
              manager: managerNeeds(job, manager),
              tasks: [waitingTask(manager)],
            },
          ]
        : []),
      ...waiting.sizes().map((requiredSlots) => ({
        ...queue,
        requiredSlots,
        tasks: othersThan(manager, waiting.ready(requiredSlots)),
      })),
    ];
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

function* othersThan(
  manager: TaskRecord | undefined,
  tasks: Iterable<TaskRecord>,
): Generator<WaitingTask, void> {
  for (const task of tasks) if (task !== manager) yield waitingTask(task);
}

function waitingTask({ id, order, spec }: TaskRecord): WaitingTask {
  return { taskId: id, order, affinityId: spec.affinityInfo?.affinityId };
}
