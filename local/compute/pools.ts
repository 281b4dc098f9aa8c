/** Pools: their creation, their size and their end. */
import { setTimeout as pause } from "node:timers/promises";
import { poolBeingDeleted, poolExists, poolNotFound } from "./failure";
import { bootPhases, type Nodes } from "./nodes";
import { checkId, checkPool } from "./requirements";
import { type NodeRecord, type PoolRecord, type PoolSpec, type State, timestamp } from "./state";

const noAutoScale = {
  code: "AutoScalingNotSupported",
  message:
    "The local cloud does not evaluate autoscale formulas yet: the pool stays at 0 nodes. Use a fixed number of nodes here.",
};

export class Pools {
  private readonly stopping = new AbortController();
  /** Allocations and deletions under way. */
  private readonly changes = new Set<Promise<void>>();

  constructor(
    private readonly state: State,
    private readonly nodes: Nodes,
    private readonly nodeBootMs: number,
  ) {}

  /** Takes up what the last stop interrupted. */
  start(): void {
    for (const pool of this.state.pools.list()) {
      if (pool.state === "deleting") void this.follow(this.drain(pool));
      else if (pool.allocationState === "resizing") void this.follow(this.allocate(pool));
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.changes);
  }

  /** Throws PoolExists, PoolBeingDeleted, InvalidPropertyValue, or NotImplemented for what the local cloud lacks. */
  create(spec: PoolSpec): PoolRecord {
    checkId("id", spec.id);
    checkPool(spec);
    const existing = this.state.pools.get(spec.id);
    if (existing !== undefined)
      throw existing.state === "deleting" ? poolBeingDeleted(spec.id) : poolExists(spec.id);
    const now = timestamp();
    const grows = nodesWanted(spec) > 0;
    const pool: PoolRecord = {
      id: spec.id,
      spec,
      state: "active",
      stateTransitionTime: now,
      allocationState: grows ? "resizing" : "steady",
      allocationStateTransitionTime: now,
      creationTime: now,
      lastModified: now,
      ...(spec.enableAutoScale === true ? { autoScaleRun: { timestamp: now, error: noAutoScale } } : {}),
    };
    this.state.pools.put(pool);
    if (grows) void this.follow(this.allocate(pool));
    return pool;
  }

  list(): PoolRecord[] {
    return this.state.pools.list();
  }

  /** Throws PoolNotFound. */
  get(id: string): PoolRecord {
    const pool = this.find(id);
    if (pool === undefined) throw poolNotFound(id);
    return pool;
  }

  find(id: string): PoolRecord | undefined {
    return this.state.pools.get(id);
  }

  nodesOf(pool: PoolRecord): NodeRecord[] {
    return this.state.nodes.list(pool.id);
  }

  /** Resolves when the pool is gone; at once it is `deleting`. Its nodes leave, their tasks become active again and wait for a pool of this id. */
  delete(id: string): Promise<void> {
    const pool = this.get(id);
    if (pool.state === "deleting") throw poolBeingDeleted(id);
    const deleting: PoolRecord = { ...pool, state: "deleting", stateTransitionTime: timestamp() };
    this.state.pools.put(deleting);
    return this.follow(this.drain(deleting));
  }

  private async allocate(pool: PoolRecord): Promise<void> {
    await pause(this.nodeBootMs / bootPhases, undefined, { signal: this.stopping.signal });
    const now = this.state.pools.get(pool.id);
    if (now?.state !== "active") return;
    const present = this.nodesOf(pool);
    for (const isDedicated of [true, false]) {
      const target = (isDedicated ? pool.spec.targetDedicatedNodes : pool.spec.targetLowPriorityNodes) ?? 0;
      const missing = target - present.filter((node) => node.isDedicated === isDedicated).length;
      for (let made = 0; made < missing; made += 1) this.nodes.allocate(pool, isDedicated);
    }
    this.state.pools.put({ ...now, allocationState: "steady", allocationStateTransitionTime: timestamp() });
  }

  private async drain(pool: PoolRecord): Promise<void> {
    await Promise.all(this.nodesOf(pool).map((node) => this.nodes.remove(node)));
    this.state.pools.delete(pool.id);
  }

  /** A stop interrupts an allocation; the next start takes it up again. */
  private follow(change: Promise<void>): Promise<void> {
    const followed = change.catch((error: unknown) => {
      if (!this.stopping.signal.aborted) throw error;
    });
    this.changes.add(followed);
    return followed.finally(() => this.changes.delete(followed));
  }
}

function nodesWanted(spec: PoolSpec): number {
  return (spec.targetDedicatedNodes ?? 0) + (spec.targetLowPriorityNodes ?? 0);
}
