/** The pool: Ubuntu nodes with the stack's identity, a start task that warms them, and their number. */
import * as batch from "@pulumi/azure-native/batch";
import * as pulumi from "@pulumi/pulumi";
import type { LayerDigests } from "../worker/contract/layers";
import type { ArmId } from "./armId";
import { autoscaleFormula, autoscaleInterval } from "./autoscale";
import type { Scaling } from "./config";
import { poolName } from "./naming";
import { nodeAgentSkuId, nodeImage } from "./nodeImage";
import { layerResourceFiles, startTaskCommandLine } from "./startTask";
import { taskSlots } from "./vmSize";

export interface PoolArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly accountName: pulumi.Input<string>;
  readonly vmSize: string;
  readonly vCpus: number;
  readonly scaling: Scaling;
  readonly layers: LayerDigests;
  /** URL of the container with the layers' archives. */
  readonly layersUrl: pulumi.Output<string>;
  /** ARM id of the nodes' identity; plain, since the pool's name depends on it. */
  readonly identityResourceId: string;
  readonly subnet: ArmId | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeclaredPool {
  readonly pool: batch.Pool;
  readonly poolId: string;
}

/**
 * Declares the pool. What Batch refuses to change while there are nodes is part of the pool's name: a change makes a new pool first
 * and removes the old one afterwards. Scale settings and start task change in place (the start task from a node's next start on).
 */
export function declarePool(
  name: string,
  args: PoolArgs,
  options: pulumi.CustomResourceOptions,
): DeclaredPool {
  const unchangeable = unchangeableOf(args);
  const poolId = poolName(unchangeable);
  const pool = new batch.Pool(
    name,
    {
      resourceGroupName: args.resourceGroupName,
      accountName: args.accountName,
      poolName: poolId,
      tags: args.tags,
      ...unchangeable,
      scaleSettings: scaleSettingsOf(args.scaling),
      startTask: {
        commandLine: startTaskCommandLine(args.layers),
        resourceFiles: args.layersUrl.apply((url) =>
          layerResourceFiles(args.layers, url, args.identityResourceId),
        ),
        waitForSuccess: true,
        // A self-test that failed once fails again, and says so sooner.
        maxTaskRetryCount: 0,
        userIdentity: {
          autoUser: { scope: batch.AutoUserScope.Pool, elevationLevel: batch.ElevationLevel.NonAdmin },
        },
      },
    },
    // The new pool has another name, so it can be made before the old one goes.
    { ...options, deleteBeforeReplace: false },
  );
  return { pool, poolId };
}

/** Batch ARM: these change only while the pool has no nodes ("PropertyCannotBeUpdated"), or leave old nodes as they were. */
function unchangeableOf({ vmSize, vCpus, identityResourceId, subnet }: PoolArgs) {
  return {
    vmSize,
    deploymentConfiguration: {
      virtualMachineConfiguration: {
        imageReference: nodeImage,
        nodeAgentSkuId,
      },
    },
    // One task runs one inference thread.
    taskSlotsPerNode: taskSlots(vCpus),
    // Spread: a short job uses all nodes at once, and two tasks share a physical core only when they must.
    taskSchedulingPolicy: { nodeFillType: batch.ComputeNodeFillType.Spread },
    targetNodeCommunicationMode: batch.NodeCommunicationMode.Simplified,
    interNodeCommunication: batch.InterNodeCommunicationState.Disabled,
    identity: {
      type: batch.PoolIdentityType.UserAssigned,
      userAssignedIdentities: [identityResourceId],
    },
    // Left out without a subnet, so that the names of pools without one stay as they are.
    ...(subnet && {
      networkConfiguration: {
        subnetId: subnet.id,
        publicIPAddressConfiguration: { provision: batch.IPAddressProvisioningType.NoPublicIPAddresses },
      },
    }),
  };
}

function scaleSettingsOf(scaling: Scaling): batch.PoolArgs["scaleSettings"] {
  switch (scaling.kind) {
    case "fixed":
      return { fixedScale: { targetDedicatedNodes: scaling.nodes, targetLowPriorityNodes: 0 } };
    case "auto":
      return { autoScale: { formula: autoscaleFormula(scaling), evaluationInterval: autoscaleInterval } };
    default: {
      const never: never = scaling;
      throw new Error(`Unknown scaling: ${JSON.stringify(never)}`);
    }
  }
}
