/** Operations that change what a pool is, but for its size. */
import { parseBody } from "./body";
import { type Call, type Handler, param, written } from "./call";
import { demandConditions, tagHeaders } from "./etag";

export const patchPool: Handler = (call) => {
  const patch = parseBody(call.body, "PoolPatchParameter");
  const pool = call.account.pools.get(param(call, "poolId"));
  demandConditions(call, pool.lastModified);
  const patched = call.account.poolProperties.patch(pool.id, patch);
  return written(call, 200, tagHeaders(patched.lastModified));
};

/** From the version on that knows no certificates, none is what a pool has. */
function withoutCertificates(call: Call): unknown {
  const { body, query } = call;
  const hasNone = (query.get("api-version") ?? "") >= "2025-06-01";
  return hasNone && typeof body === "object" ? { certificateReferences: [], ...body } : body;
}

export const updatePoolProperties: Handler = (call) => {
  const update = parseBody(withoutCertificates(call), "PoolUpdatePropertiesParameter");
  const updated = call.account.poolProperties.update(param(call, "poolId"), update);
  return written(call, 204, tagHeaders(updated.lastModified));
};
