/** Removing named nodes from a pool: a resize that says which nodes go (Batch REST: Pool_RemoveNodes). */
import type { BatchServiceModels } from "@azure/batch";
import { invalidProperty, nodeNotFound, poolBeingResized, poolScalesItself } from "./failure";
import { activePool } from "./poolState";
import { checkPool } from "./requirements";
import type { Resizes } from "./resizes";
import type { Deallocation, NodeRecord, PoolRecord, State } from "./state";
import { timestampAfter } from "./ticks";

/** Batch REST: "up to 100 nodes". */
const mostNodes = 100;

export class NodeRemoval {
  constructor(
    private readonly state: State,
    private readonly resizes: Resizes,
  ) {}

  /**
   * The pool, resizing from now on, with a target of the nodes that it had but for those. Throws PoolNotFound, PoolBeingDeleted, PoolBeingResized,
   * NodeNotFound, InvalidPropertyValue, and for a pool with a formula OperationInvalidForCurrentState.
   */
  remove(poolId: string, given: BatchServiceModels.NodeRemoveParameter): PoolRecord {
    const pool = activePool(this.state, poolId);
    if (pool.spec.enableAutoScale === true) throw poolScalesItself(poolId);
    if (pool.allocationState !== "steady") throw poolBeingResized(poolId);
    const chosen = this.chosen(pool, given.nodeList);
    const size = this.resizes.sizeOf(pool);
    const left = (isDedicated: boolean, current: number, target: number): number =>
      Math.min(current, target) - chosen.filter((node) => node.isDedicated === isDedicated).length;
    const spec = {
      ...pool.spec,
      targetDedicatedNodes: left(true, size.currentDedicatedNodes, size.targetDedicatedNodes),
      targetLowPriorityNodes: left(false, size.currentLowPriorityNodes, size.targetLowPriorityNodes),
      resizeTimeout: given.resizeTimeout,
    };
    checkPool(spec);
    const deallocation = (given.nodeDeallocationOption?.toLowerCase() ?? "requeue") as Deallocation;
    const chosenNodes = chosen.map((node) => node.id);
    const lastModified = timestampAfter(pool.lastModified);
    return this.resizes.begin({ ...pool, spec, chosenNodes, lastModified }, deallocation);
  }

  private chosen(pool: PoolRecord, nodeList: readonly string[]): NodeRecord[] {
    if (nodeList.length === 0 || nodeList.length > mostNodes)
      throw invalidProperty("nodeList", String(nodeList.length), `1 to ${mostNodes} nodes are expected.`);
    return [...new Set(nodeList)].map((nodeId) => {
      const node = this.state.nodes.get(pool.id, nodeId);
      if (node === undefined) throw nodeNotFound(nodeId);
      return node;
    });
  }
}
