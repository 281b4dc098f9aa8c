import type { PoolView } from "../../infra/job/batchViews";

/** A pool of fixed size whose two nodes are still to come. */
export const emptyPool: PoolView = {
  ...{ id: "pool", state: "active", allocationState: "steady", vmSize: "Standard_D2s_v3", slotsPerNode: 2 },
  ...{ currentNodes: 0, targetNodes: 2, autoscale: null, resizeErrors: [], eTag: null },
};
