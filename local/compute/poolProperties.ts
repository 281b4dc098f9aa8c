/** What a patch or an update of a pool's properties makes of it; both reach nodes when they boot the next time (Batch REST: Pool_Patch). */
import type { BatchServiceModels } from "@azure/batch";
import { activePool } from "./poolState";
import { checkPool } from "./requirements";
import type { PoolRecord, PoolSpec, State } from "./state";
import { timestampAfter } from "./ticks";

export class PoolProperties {
  constructor(private readonly state: State) {}

  /** What is given replaces what was there. Throws PoolNotFound, PoolBeingDeleted, and as for a new pool. */
  patch(id: string, patch: BatchServiceModels.PoolPatchParameter): PoolRecord {
    return this.change(id, (spec) => ({ ...spec, ...patch }));
  }

  /** What is not given goes back to its default. Throws as `patch` does. */
  update(id: string, update: BatchServiceModels.PoolUpdatePropertiesParameter): PoolRecord {
    return this.change(id, (spec) => ({
      ...spec,
      startTask: update.startTask,
      certificateReferences: update.certificateReferences,
      applicationPackageReferences: update.applicationPackageReferences,
      metadata: update.metadata,
      targetNodeCommunicationMode: update.targetNodeCommunicationMode,
    }));
  }

  private change(id: string, to: (spec: PoolSpec) => PoolSpec): PoolRecord {
    const pool = activePool(this.state, id);
    const spec = to(pool.spec);
    checkPool(spec);
    const changed: PoolRecord = { ...pool, spec, lastModified: timestampAfter(pool.lastModified) };
    this.state.pools.put(changed);
    return changed;
  }
}
