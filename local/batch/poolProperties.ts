/** Operations that change what a pool is, but for its size. */
import { parseBody } from "./body";
import { type Handler, param, written } from "./call";
import { demandConditions, tagHeaders } from "./etag";

export const patchPool: Handler = (call) => {
  const patch = parseBody(call.body, "PoolPatchParameter");
  const pool = call.account.pools.get(param(call, "poolId"));
  demandConditions(call, pool.lastModified);
  const patched = call.account.poolProperties.patch(pool.id, patch);
  return written(call, 200, tagHeaders(patched.lastModified));
};

export const updatePoolProperties: Handler = (call) => {
  const update = parseBody(call.body, "PoolUpdatePropertiesParameter");
  const updated = call.account.poolProperties.update(param(call, "poolId"), update);
  return written(call, 204, tagHeaders(updated.lastModified));
};
