/** Pools: their creation, what is changed of them, and their end. Their size is Resizes' business. */
import type { BatchServiceModels } from "@azure/batch";
import { type AutoScaling, noFormula } from "./autoScaling";
import {
  poolBeingDeleted,
  poolBeingResized,
  poolExists,
  poolNotFound,
  poolNotResizing,
  poolScalesItself,
  propertyCannotBeUpdated,
} from "./failure";
import type { Nodes } from "./nodes";
import { activePool } from "./poolState";
import { armNameOf, fixedChanges } from "./poolUpdate";
import type { Quotas } from "./quotas";
import { checkId, checkPool } from "./requirements";
import type { PoolSize, Resizes } from "./resizes";
import {
  type Deallocation,
  type NodeRecord,
  type PoolRecord,
  type PoolSpec,
  type State,
  timestamp,
} from "./state";
import { timestampAfter } from "./ticks";

export class Pools {
  /** Deletions under way. */
  private readonly deletions = new Set<Promise<void>>();

  constructor(
    private readonly state: State,
    private readonly nodes: Nodes,
    private readonly resizes: Resizes,
    private readonly autoScaling: AutoScaling,
    private readonly quotas: Quotas,
  ) {}

  /** Takes up the deletions that the last stop interrupted. */
  start(): void {
    for (const pool of this.state.pools.list())
      if (pool.state === "deleting") void this.follow(this.drain(pool));
  }

  async stop(): Promise<void> {
    await Promise.all(this.deletions);
  }

  /** Throws PoolExists, PoolBeingDeleted, PoolQuotaReached, InvalidPropertyValue, what is wrong with a formula, or NotImplemented for what the local cloud lacks. */
  create(spec: PoolSpec): PoolRecord {
    checkId("id", spec.id);
    checkPool(spec);
    const existing = this.state.pools.get(spec.id);
    if (existing !== undefined)
      throw existing.state === "deleting" ? poolBeingDeleted(spec.id) : poolExists(spec.id);
    this.quotas.checkPoolCount();
    const now = timestamp();
    const pool: PoolRecord = {
      id: spec.id,
      spec,
      state: "active",
      stateTransitionTime: now,
      allocationState: "steady",
      allocationStateTransitionTime: now,
      creationTime: now,
      lastModified: now,
    };
    this.state.pools.put(pool);
    return spec.enableAutoScale === true
      ? this.autoScaling.begin(pool)
      : this.resizes.pursue(pool, noNodes, "requeue");
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

  sizeOf(pool: PoolRecord): PoolSize {
    return this.resizes.sizeOf(pool);
  }

  /**
   * Full replacement, as the management plane's PUT: what is not given goes back to its default. A change of size takes effect at once; while the
   * pool resizes, the newest target wins (Azure: not verified; the data plane refuses a resize then, the management plane documents no such rule).
   */
  update(spec: PoolSpec, deallocation: Deallocation): PoolRecord {
    const pool = activePool(this.state, spec.id);
    checkPool(spec);
    const size = this.sizeOf(pool);
    const [fixed] = fixedChanges(pool.spec, spec);
    const isEmpty = Object.values(size).every((count) => count === 0);
    if (fixed !== undefined && !isEmpty) throw propertyCannotBeUpdated(armNameOf(fixed));
    const updated: PoolRecord = {
      ...pool,
      spec: { ...spec, id: pool.id },
      lastModified: timestampAfter(pool.lastModified),
    };
    if (spec.enableAutoScale === true) return this.autoScaling.update(pool, updated);
    this.autoScaling.forget(pool.id);
    const ofFixedSize: PoolRecord = { ...updated, ...noFormula };
    this.state.pools.put(ofFixedSize);
    return this.resizes.pursue(ofFixedSize, size, deallocation);
  }

  /** A target that is not given stays as it is. Throws PoolBeingResized, and for a pool with a formula OperationInvalidForCurrentState. */
  resize(id: string, to: BatchServiceModels.PoolResizeParameter): PoolRecord {
    const pool = activePool(this.state, id);
    if (pool.spec.enableAutoScale === true) throw poolScalesItself(id);
    if (pool.allocationState !== "steady") throw poolBeingResized(id);
    const deallocation = (to.nodeDeallocationOption?.toLowerCase() ?? "requeue") as Deallocation;
    const spec: PoolSpec = {
      ...pool.spec,
      targetDedicatedNodes: to.targetDedicatedNodes ?? pool.spec.targetDedicatedNodes,
      targetLowPriorityNodes: to.targetLowPriorityNodes ?? pool.spec.targetLowPriorityNodes,
      resizeTimeout: to.resizeTimeout,
    };
    checkPool(spec);
    return this.resizes.begin(
      { ...pool, spec, lastModified: timestampAfter(pool.lastModified) },
      deallocation,
    );
  }

  /** Throws where nothing is under way to be stopped. */
  stopResize(id: string): PoolRecord {
    const pool = activePool(this.state, id);
    if (pool.allocationState !== "resizing") throw poolNotResizing(id);
    return this.resizes.halt({ ...pool, lastModified: timestampAfter(pool.lastModified) });
  }

  /** Resolves when the pool is gone; at once it is `deleting`. Its nodes leave, their tasks become active again and wait for a pool of this id. */
  delete(id: string): Promise<void> {
    const pool = activePool(this.state, id);
    this.autoScaling.forget(id);
    const deleting: PoolRecord = { ...pool, state: "deleting", stateTransitionTime: timestamp() };
    this.state.pools.put(deleting);
    return this.follow(this.drain(deleting));
  }

  private async drain(pool: PoolRecord): Promise<void> {
    await this.resizes.drop(pool.id);
    await Promise.all(this.nodesOf(pool).map((node) => this.nodes.remove(node)));
    this.state.pools.delete(pool.id);
  }

  private follow(deletion: Promise<void>): Promise<void> {
    this.deletions.add(deletion);
    return deletion.finally(() => this.deletions.delete(deletion));
  }
}

const noNodes = { targetDedicatedNodes: 0, targetLowPriorityNodes: 0 };
