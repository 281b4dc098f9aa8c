/** Placement: which waiting tasks fit on which nodes, and in which order they get there. */

export interface WaitingTask {
  readonly taskId: string;
  /** Order of arrival, among tasks of one priority. */
  readonly order: number;
  /** A soft hint: this node if it has room. */
  readonly affinityId?: string;
}

/** Tasks of one job that need the same of a node: where there is no room for the first, there is none for the others. */
export interface Queue {
  readonly jobId: string;
  readonly poolId: string;
  readonly priority: number;
  readonly requiredSlots: number;
  /** Of a job's manager alone: it comes before the job's other tasks. */
  readonly manager?: { readonly wholeNode: boolean; readonly dedicated: boolean };
  /** In the order of arrival. No more are taken than are placed, and one. */
  readonly tasks: Iterable<WaitingTask, unknown>;
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
  queues: readonly Queue[],
  nodes: readonly FreeNode[],
  freeTasksOf: (jobId: string) => number,
): Placement[] {
  const room = new Room(nodes);
  const placedOf = new Map<string, number>();
  const placements: Placement[] = [];
  const heads = new Heads(queues);
  while (!room.isFull()) {
    const head = heads.first();
    if (head === undefined) break;
    const { queue, task } = head;
    const placed = placedOf.get(queue.jobId) ?? 0;
    const node = placed < freeTasksOf(queue.jobId) ? room.nodeFor(queue, task) : undefined;
    if (node === undefined) {
      heads.drop(head);
      continue;
    }
    room.take(node, queue);
    placedOf.set(queue.jobId, placed + 1);
    placements.push({
      jobId: queue.jobId,
      taskId: task.taskId,
      poolId: node.poolId,
      nodeId: node.nodeId,
    });
    heads.advance(head);
  }
  return placements;
}

interface Head {
  readonly queue: Queue;
  readonly rest: Iterator<WaitingTask, unknown>;
  task: WaitingTask;
}

/** The first task of each queue. */
class Heads {
  private heads: Head[] = [];

  constructor(queues: readonly Queue[]) {
    for (const queue of queues) {
      const rest = queue.tasks[Symbol.iterator]();
      const first = rest.next();
      if (first.done !== true) this.heads.push({ queue, rest, task: first.value });
    }
  }

  /** Whose turn it is. */
  first(): Head | undefined {
    const [one, ...others] = this.heads;
    return one && others.reduce((first, head) => (inOrder(head, first) < 0 ? head : first), one);
  }

  advance(head: Head): void {
    const next = head.rest.next();
    if (next.done === true) this.drop(head);
    else head.task = next.value;
  }

  drop(head: Head): void {
    this.heads = this.heads.filter((other) => other !== head);
  }
}

function inOrder(left: Head, right: Head): number {
  const rank = ({ queue }: Head): number => (queue.manager === undefined ? 1 : 0);
  return (
    right.queue.priority - left.queue.priority ||
    rank(left) - rank(right) ||
    left.task.order - right.task.order
  );
}

/** The slots of the nodes that are free still. */
class Room {
  private readonly free: Map<FreeNode, number>;

  constructor(nodes: readonly FreeNode[]) {
    this.free = new Map(nodes.map((node) => [node, node.freeSlots]));
  }

  isFull(): boolean {
    return [...this.free.values()].every((slots) => slots <= 0);
  }

  nodeFor(queue: Queue, { affinityId }: WaitingTask): FreeNode | undefined {
    const candidates = [...this.free.keys()].filter(
      (node) =>
        node.poolId === queue.poolId &&
        this.freeOf(node) >= neededOf(node, queue) &&
        (node.isDedicated || queue.manager?.dedicated !== true) &&
        !node.isClosedTo(queue.jobId),
    );
    const [first, ...others] = candidates;
    const better = (left: FreeNode, right: FreeNode): boolean =>
      left.fill === "pack" ? this.freeOf(left) < this.freeOf(right) : this.freeOf(left) > this.freeOf(right);
    return (
      candidates.find((candidate) => candidate.affinityId === affinityId) ??
      (first && others.reduce((best, candidate) => (better(candidate, best) ? candidate : best), first))
    );
  }

  take(node: FreeNode, queue: Queue): void {
    this.free.set(node, this.freeOf(node) - neededOf(node, queue));
  }

  private freeOf(node: FreeNode): number {
    return this.free.get(node) ?? 0;
  }
}

const neededOf = (node: FreeNode, { manager, requiredSlots }: Queue): number =>
  manager?.wholeNode === true ? node.slots : requiredSlots;
