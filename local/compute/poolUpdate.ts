/** What an update may change of a pool, and what it may not while there are nodes. */
import { isDeepStrictEqual } from "node:util";
import type { PoolSpec } from "./state";

/**
 * Live properties (Azure Batch: "Update a pool", API from 2024-07-01 on): metadata and scale at once, the start task on nodes that boot from then on.
 * Everything else is fixed while the pool has nodes.
 */
const live: ReadonlySet<string> = new Set<keyof PoolSpec>([
  "id",
  "displayName",
  "metadata",
  "startTask",
  "enableAutoScale",
  "autoScaleFormula",
  "autoScaleEvaluationInterval",
  "targetDedicatedNodes",
  "targetLowPriorityNodes",
  "resizeTimeout",
]);

/** The name of a property in the management plane, where it may be another than the data plane's. */
export const armNameOf = (property: string): string => armNames[property] ?? property;

const armNames: Readonly<Record<string, string>> = {
  virtualMachineConfiguration: "deploymentConfiguration",
  enableInterNodeCommunication: "interNodeCommunication",
  identityResourceIds: "identity",
};

/** Properties that an update from `before` to `after` changes and an empty pool alone allows. */
export function fixedChanges(before: PoolSpec, after: PoolSpec): string[] {
  const [left, right] = [comparable(before), comparable(after)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (property) => !live.has(property) && !isDeepStrictEqual(left[property], right[property]),
  );
}

/** The spec with the service's defaults filled in, in one letter case where the service reads any, without what is not set. */
function comparable(spec: PoolSpec): Record<string, unknown> {
  const machine = spec.virtualMachineConfiguration;
  const full = {
    ...spec,
    vmSize: spec.vmSize.toLowerCase(),
    virtualMachineConfiguration: machine && {
      ...machine,
      imageReference: { version: "latest", ...machine.imageReference },
    },
    taskSlotsPerNode: spec.taskSlotsPerNode ?? 1,
    taskSchedulingPolicy: { nodeFillType: spec.taskSchedulingPolicy?.nodeFillType.toLowerCase() ?? "spread" },
    enableInterNodeCommunication: spec.enableInterNodeCommunication ?? false,
    targetNodeCommunicationMode: spec.targetNodeCommunicationMode?.toLowerCase() ?? "default",
    identityResourceIds: spec.identityResourceIds.map((id) => id.toLowerCase()).sort(),
  };
  return JSON.parse(JSON.stringify(full)) as Record<string, unknown>;
}
