/** Operations that take nodes out of a pool, or out of its scheduling for a while. */
import type { DisableScheduling } from "../compute/nodeScheduling";
import type { NodeRecord } from "../compute/state";
import { parseBody, parseOptionalBody } from "./body";
import { type Call, type Handler, param, written } from "./call";
import { demandConditions, tagHeaders } from "./etag";

export const removeNodes: Handler = (call) => {
  const given = parseBody(call.body, "NodeRemoveParameter");
  const pool = call.account.pools.get(param(call, "poolId"));
  demandConditions(call, pool.lastModified);
  const resizing = call.account.nodeRemoval.remove(pool.id, given);
  return written(call, 202, tagHeaders(resizing.lastModified));
};

export const disableScheduling: Handler = (call) => {
  const { nodeDisableSchedulingOption: option } = parseOptionalBody(
    call.body,
    "NodeDisableSchedulingParameter",
  );
  call.account.nodeScheduling.disable(
    requestedNode(call),
    (option?.toLowerCase() ?? "requeue") as DisableScheduling,
  );
  return written(call, 200);
};

export const enableScheduling: Handler = (call) => {
  call.account.nodeScheduling.enable(requestedNode(call));
  return written(call, 200);
};

/** A missing pool is named before a missing node. */
function requestedNode(call: Call): NodeRecord {
  const pool = call.account.pools.get(param(call, "poolId"));
  return call.account.nodes.get(pool.id, param(call, "nodeId"));
}
