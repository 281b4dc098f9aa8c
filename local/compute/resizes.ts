/**
 * Resizes: how a pool comes from the nodes it has to those it is meant to have. `resizing`: nodes are allocated, or leave, for some as soon as their
 * tasks have ended. `stopping`: nodes that waited for their tasks stay. `steady`: nothing changes until the next resize, whether the target was
 * reached or not; then the pool says why in resizeErrors (Batch REST: AllocationState).
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Targets } from "./autoscale/evaluate";
import { bootPhases, type Nodes } from "./nodes";
import {
  coreQuotaReached,
  lowPriorityCoreQuotaReached,
  machineFull,
  mostNodes,
  type Quotas,
  resizeStopped,
} from "./quotas";
import type { Deallocation, NodeRecord, PoolRecord, ResizeError, State } from "./state";
import { timestamp } from "./state";

export interface PoolSize extends Targets {
  readonly currentDedicatedNodes: number;
  readonly currentLowPriorityNodes: number;
}

export class Resizes {
  /** The newest resize of each pool. */
  private readonly newest = new Map<string, { readonly abort: AbortController; done: Promise<void> }>();
  private stopped = false;

  constructor(
    private readonly state: State,
    private readonly nodes: Nodes,
    private readonly quotas: Quotas,
    private readonly nodeBootMs: number,
  ) {}

  /** Takes up what the last stop interrupted. */
  start(): void {
    for (const pool of this.state.pools.list()) {
      if (pool.state !== "active") continue;
      if (pool.allocationState === "resizing") this.run(pool);
      // Nothing waits on nodes that have just booted.
      else if (pool.allocationState === "stopping") this.settle(pool.id, [resizeStopped]);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const { abort } of this.newest.values()) abort.abort();
    await Promise.all([...this.newest.values()].map(({ done }) => done));
  }

  /** A pool of a fixed size has its target in its spec, one with a formula has what that said last. */
  sizeOf(pool: PoolRecord): PoolSize {
    const nodes = this.state.nodes.list(pool.id);
    const dedicated = nodes.filter((node) => node.isDedicated).length;
    const targets = pool.autoScaleTargets ?? pool.spec;
    return {
      currentDedicatedNodes: dedicated,
      currentLowPriorityNodes: nodes.length - dedicated,
      targetDedicatedNodes: targets.targetDedicatedNodes ?? 0,
      targetLowPriorityNodes: targets.targetLowPriorityNodes ?? 0,
    };
  }

  /** The pool, on its way to its target: nothing begins where it is there, or resizes to it already. `before` is the target it had. */
  pursue(pool: PoolRecord, before: Targets, deallocation: Deallocation): PoolRecord {
    const size = this.sizeOf(pool);
    const isThere =
      size.currentDedicatedNodes === size.targetDedicatedNodes &&
      size.currentLowPriorityNodes === size.targetLowPriorityNodes;
    const isAsBefore =
      size.targetDedicatedNodes === before.targetDedicatedNodes &&
      size.targetLowPriorityNodes === before.targetLowPriorityNodes;
    return (pool.allocationState === "steady" ? isThere : isAsBefore) ? pool : this.begin(pool, deallocation);
  }

  /** The pool, resizing from now on to its target; an earlier resize of it ends here, and nodes that only waited to leave stay. */
  begin(pool: PoolRecord, deallocation: Deallocation): PoolRecord {
    const resizing: PoolRecord = {
      ...pool,
      allocationState: "resizing",
      allocationStateTransitionTime: timestamp(),
      deallocation,
      resizeErrors: undefined,
    };
    this.state.pools.put(resizing);
    this.run(resizing);
    return resizing;
  }

  /** Stops a resize where it is: nodes that are there stay, but for those that are being given back (Batch REST: Pool_StopResize). */
  halt(pool: PoolRecord): PoolRecord {
    const stopping: PoolRecord = {
      ...pool,
      allocationState: "stopping",
      allocationStateTransitionTime: timestamp(),
    };
    this.state.pools.put(stopping);
    this.newest.get(keyOf(pool.id))?.abort.abort();
    return stopping;
  }

  /** Ends a resize without a word: another one, a formula or the pool's end is what counts now. Resolves when nothing of it goes on. */
  async drop(poolId: string): Promise<void> {
    const dropped = this.newest.get(keyOf(poolId));
    this.newest.delete(keyOf(poolId));
    dropped?.abort.abort();
    await dropped?.done;
  }

  private run(pool: PoolRecord): void {
    const before = this.drop(pool.id);
    const abort = new AbortController();
    const resize = { abort, done: Promise.resolve() };
    this.newest.set(keyOf(pool.id), resize);
    resize.done = before
      .then(() => this.perform(pool.id, abort.signal))
      .then((errors) => {
        // Dropped; or the service stops, and its next start takes the resize up.
        if (this.newest.get(keyOf(pool.id)) !== resize || this.stopped) return;
        this.newest.delete(keyOf(pool.id));
        this.settle(pool.id, errors);
      });
  }

  /** Azure: gives up after resizeTimeout (AllocationTimedOut); here: there is always a machine, and a task is waited for as long as it takes. */
  private async perform(poolId: string, signal: AbortSignal): Promise<readonly ResizeError[]> {
    await pause(this.nodeBootMs / bootPhases, undefined, { signal }).catch(() => undefined);
    const pool = this.state.pools.get(poolId);
    if (signal.aborted || pool === undefined) return [resizeStopped];
    const { targetDedicatedNodes, targetLowPriorityNodes } = this.sizeOf(pool);
    const errors = [
      ...this.grow(pool, true, targetDedicatedNodes),
      ...this.grow(pool, false, targetLowPriorityNodes),
    ];
    const left = await Promise.all([
      this.shrink(pool, true, targetDedicatedNodes, signal),
      this.shrink(pool, false, targetLowPriorityNodes, signal),
    ]);
    return left.every((all) => all) ? errors : [...errors, resizeStopped];
  }

  private grow(pool: PoolRecord, isDedicated: boolean, target: number): readonly ResizeError[] {
    const missing = Math.max(0, target - this.staying(pool, isDedicated).length);
    const granted = this.quotas.grant(pool, isDedicated, missing);
    const room = Math.max(0, mostNodes - this.state.nodes.list().length);
    for (let made = 0; made < Math.min(granted, room); made += 1) this.nodes.allocate(pool, isDedicated);
    if (granted > room) return [machineFull];
    return missing > granted ? [isDedicated ? coreQuotaReached : lowPriorityCoreQuotaReached] : [];
  }

  /** False: the resize was stopped before all had left that were to. */
  private async shrink(
    pool: PoolRecord,
    isDedicated: boolean,
    target: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const nodes = this.staying(pool, isDedicated);
    const chosen = new Set(pool.chosenNodes);
    const inTurn = leavingFirst(
      nodes,
      (node) => chosen.has(node.id),
      (node) => this.nodes.tasksOn(node),
      (node) => this.nodes.runsManager(node),
    );
    // Those that an earlier resize has begun to give back are waited for as well.
    const leaving = this.state.nodes.list(pool.id).filter((node) => !stays(node));
    const all = [...leaving, ...inTurn.slice(0, Math.max(0, nodes.length - target))];
    const left = await Promise.all(
      all.map((node) => this.nodes.remove(node, pool.deallocation ?? "requeue", signal)),
    );
    return left.every((gone) => gone);
  }

  private staying(pool: PoolRecord, isDedicated: boolean): NodeRecord[] {
    return this.state.nodes.list(pool.id).filter((node) => node.isDedicated === isDedicated && stays(node));
  }

  private settle(poolId: string, errors: readonly ResizeError[]): void {
    const pool = this.state.pools.get(poolId);
    if (pool?.state !== "active") return;
    this.state.pools.put({
      ...pool,
      allocationState: "steady",
      allocationStateTransitionTime: timestamp(),
      deallocation: undefined,
      chosenNodes: undefined,
      resizeErrors: errors.length === 0 ? undefined : errors,
    });
  }
}

/** Those that a pool gives back first: those that it was told to, then the idle ones (Batch REST, Pool_Resize), and last those with a job's manager (JobManagerTask). */
export function leavingFirst<Node>(
  nodes: readonly Node[],
  isChosen: (node: Node) => boolean,
  tasksOn: (node: Node) => number,
  runsManager: (node: Node) => boolean,
): Node[] {
  return [...nodes].sort(
    (left, right) =>
      Number(isChosen(right)) - Number(isChosen(left)) ||
      Number(runsManager(left)) - Number(runsManager(right)) ||
      tasksOn(left) - tasksOn(right),
  );
}

const stays = (node: NodeRecord): boolean => node.state !== "leavingpool";
const keyOf = (poolId: string): string => poolId.toLowerCase();
