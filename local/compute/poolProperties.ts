/** What a patch or an update of a pool's properties makes of it; both reach nodes when they boot the next time (Batch REST: Pool_Patch). */
import type { BatchServiceModels } from "@azure/batch";
import { propertyCannotBeUpdated } from "./failure";
import { activePool } from "./poolState";
import { fixedChanges } from "./poolUpdate";
import { checkPool } from "./requirements";
import type { PoolRecord, PoolSpec, State } from "./state";
import { timestampAfter } from "./ticks";

/** With what api-versions from 2024-07-01 on change of it, too. */
export type PoolPatch = BatchServiceModels.PoolPatchParameter & Partial<Omit<PoolSpec, "id">>;

/** What the data plane has always let a patch change: nodes take it up when they boot. */
const anyTime: ReadonlySet<string> = new Set<keyof PoolSpec>([
  "applicationPackageReferences",
  "certificateReferences",
  "targetNodeCommunicationMode",
]);

export class PoolProperties {
  constructor(private readonly state: State) {}

  /**
   * What is given replaces what was there. Throws PoolNotFound, PoolBeingDeleted, as for a new pool, and PropertyCannotBeUpdated for what is fixed while
   * there are nodes (Azure: documented for the management plane; the data plane's refusal is not recorded).
   */
  patch(id: string, patch: PoolPatch): PoolRecord {
    const pool = activePool(this.state, id);
    const [fixed] = fixedChanges(pool.spec, { ...pool.spec, ...patch }).filter((name) => !anyTime.has(name));
    if (fixed !== undefined && this.state.nodes.list(pool.id).length > 0)
      throw propertyCannotBeUpdated(fixed);
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
