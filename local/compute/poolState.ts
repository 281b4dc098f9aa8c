/** Which pools an operation finds. */
import { poolBeingDeleted, poolNotFound } from "./failure";
import type { PoolRecord, State } from "./state";

/** Throws PoolNotFound, PoolBeingDeleted. */
export function activePool(state: State, id: string): PoolRecord {
  const pool = state.pools.get(id);
  if (pool === undefined) throw poolNotFound(id);
  if (pool.state === "deleting") throw poolBeingDeleted(id);
  return pool;
}
