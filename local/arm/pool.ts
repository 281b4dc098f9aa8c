/** azure-native:batch:Pool, which speaks another vocabulary than the data plane for the same pool. */
import { z } from "zod";
import type { PoolRecord, PoolSpec } from "../compute/state";
import { batchAccountId, resourceType } from "./resourceType";

const identityReference = z.object({ resourceId: z.string() }).optional();

const resourceFile = z.object({
  httpUrl: z.string().optional(),
  storageContainerUrl: z.string().optional(),
  blobPrefix: z.string().optional(),
  filePath: z.string().optional(),
  fileMode: z.string().optional(),
  identityReference,
});

const startTask = z.object({
  commandLine: z.string(),
  resourceFiles: z.array(resourceFile).optional(),
  environmentSettings: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional(),
  userIdentity: z
    .object({
      autoUser: z.object({
        scope: z.enum(["Pool", "Task"]).optional(),
        elevationLevel: z.enum(["NonAdmin", "Admin"]).optional(),
      }),
    })
    .optional(),
  maxTaskRetryCount: z.int().optional(),
  waitForSuccess: z.boolean().optional(),
});

const poolInputs = z.object({
  resourceGroupName: z.string(),
  accountName: z.string(),
  // Azure: at most 64 characters.
  poolName: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "expected 1–64 letters, digits, dashes, underscores"),
  displayName: z.string().optional(),
  vmSize: z.string(),
  deploymentConfiguration: z.object({
    virtualMachineConfiguration: z.object({
      imageReference: z.object({
        publisher: z.string(),
        offer: z.string(),
        sku: z.string(),
        version: z.string().optional(),
      }),
      nodeAgentSkuId: z.string(),
    }),
  }),
  scaleSettings: z.object({
    fixedScale: z
      .object({
        targetDedicatedNodes: z.int().min(0).optional(),
        targetLowPriorityNodes: z.int().min(0).optional(),
        resizeTimeout: z.string().optional(),
        nodeDeallocationOption: z.enum(["Requeue", "Terminate", "TaskCompletion"]).optional(),
      })
      .optional(),
    autoScale: z.object({ formula: z.string(), evaluationInterval: z.string().optional() }).optional(),
  }),
  taskSlotsPerNode: z.int().min(1).optional(),
  taskSchedulingPolicy: z.object({ nodeFillType: z.enum(["Spread", "Pack"]) }).optional(),
  targetNodeCommunicationMode: z.enum(["Default", "Classic", "Simplified"]).optional(),
  identity: z
    .object({
      type: z.enum(["UserAssigned", "None"]),
      userAssignedIdentities: z.array(z.string()).optional(),
    })
    .optional(),
  startTask: startTask.optional(),
  metadata: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});

type PoolInputs = z.infer<typeof poolInputs>;

/** ARM answers when the pool object exists, not when its nodes are ready. */
const outputsOf = ({ id, allocationState }: PoolRecord) => ({
  name: id,
  provisioningState: "Succeeded",
  allocationState: allocationState === "steady" ? "Steady" : "Resizing",
});

export const pool = resourceType({
  token: "azure-native:batch:Pool",
  armType: "Microsoft.Batch/batchAccounts/pools",
  apiVersion: "2024-07-01",
  naming: { property: "poolName", style: "copy" },
  path: ["resourceGroupName", "accountName", "poolName"],
  // pulumi-azure-native knows of no property that the service refuses to change: it plans an update, which may fail.
  forceNew: [],
  isLocated: false,
  defaults: { taskSlotsPerNode: 1 },
  computed: ["provisioningState", "allocationState"],
  inputs: poolInputs,
  id: ({ resourceGroupName, accountName, poolName }, subscriptionId) =>
    `${batchAccountId(subscriptionId, resourceGroupName, accountName)}/pools/${poolName}`,
  parentId: ({ resourceGroupName, accountName }, subscriptionId) =>
    batchAccountId(subscriptionId, resourceGroupName, accountName),
  create: (inputs, _id, { batch }) =>
    Promise.resolve(outputsOf(batch.account(inputs.accountName).createPool(dataPlanePool(inputs)))),
  update: (inputs, _id, { batch }) => {
    const option = lowerCaseWord(inputs.scaleSettings.fixedScale?.nodeDeallocationOption);
    const account = batch.account(inputs.accountName);
    return Promise.resolve(outputsOf(account.updatePool(dataPlanePool(inputs), option)));
  },
  read: (inputs, _id, { batch }) => {
    const found = batch.account(inputs.accountName).getPool(inputs.poolName);
    if (found === undefined || found.state === "deleting") return Promise.resolve(undefined);
    return Promise.resolve({ inputs: scaleOf(inputs, found), outputs: outputsOf(found) });
  },
  delete: async ({ accountName, poolName }, _id, { batch }) => {
    const account = batch.account(accountName);
    if (account.getPool(poolName) !== undefined) await account.deletePool(poolName);
  },
});

/** Where the data plane resized the pool or changed its formula, what it says now; nothing while it is as it was put. */
function scaleOf({ scaleSettings }: PoolInputs, { spec }: PoolRecord): { scaleSettings?: object } {
  const { fixedScale, autoScale } = scaleSettings;
  if (spec.enableAutoScale === true) {
    const evaluationInterval = spec.autoScaleEvaluationInterval;
    const isAsPut =
      autoScale?.formula === spec.autoScaleFormula && autoScale?.evaluationInterval === evaluationInterval;
    if (isAsPut) return {};
    return { scaleSettings: { autoScale: { formula: spec.autoScaleFormula, evaluationInterval } } };
  }
  const targetDedicatedNodes = spec.targetDedicatedNodes ?? 0;
  const targetLowPriorityNodes = spec.targetLowPriorityNodes ?? 0;
  const isAsPut =
    (fixedScale?.targetDedicatedNodes ?? 0) === targetDedicatedNodes &&
    (fixedScale?.targetLowPriorityNodes ?? 0) === targetLowPriorityNodes;
  if (autoScale === undefined && isAsPut) return {};
  return { scaleSettings: { fixedScale: { ...fixedScale, targetDedicatedNodes, targetLowPriorityNodes } } };
}

/** The same pool in the data plane's words (Batch REST against Microsoft.Batch 2024-07-01). */
export function dataPlanePool(inputs: PoolInputs): PoolSpec {
  const { imageReference, nodeAgentSkuId } = inputs.deploymentConfiguration.virtualMachineConfiguration;
  const { fixedScale, autoScale } = inputs.scaleSettings;
  return {
    id: inputs.poolName,
    displayName: inputs.displayName,
    vmSize: inputs.vmSize,
    virtualMachineConfiguration: { imageReference, nodeAgentSKUId: nodeAgentSkuId },
    enableAutoScale: autoScale !== undefined,
    autoScaleFormula: autoScale?.formula,
    autoScaleEvaluationInterval: autoScale?.evaluationInterval,
    targetDedicatedNodes: fixedScale?.targetDedicatedNodes,
    targetLowPriorityNodes: fixedScale?.targetLowPriorityNodes,
    resizeTimeout: fixedScale?.resizeTimeout,
    taskSlotsPerNode: inputs.taskSlotsPerNode,
    taskSchedulingPolicy: lowerCased(inputs.taskSchedulingPolicy),
    targetNodeCommunicationMode: lowerCaseWord(inputs.targetNodeCommunicationMode),
    startTask: inputs.startTask === undefined ? undefined : dataPlaneStartTask(inputs.startTask),
    metadata: inputs.metadata,
    identityResourceIds: inputs.identity?.userAssignedIdentities ?? [],
  };
}

function dataPlaneStartTask(task: z.infer<typeof startTask>): PoolSpec["startTask"] {
  const { userIdentity, ...rest } = task;
  const autoUser = lowerCased(userIdentity?.autoUser);
  return { ...rest, ...(autoUser === undefined ? {} : { userIdentity: { autoUser } }) };
}

type LowerCased<T> = {
  [Key in keyof T]: T[Key] extends string | undefined ? Lowercase<NonNullable<T[Key]>> : T[Key];
};

/** ARM's enums are PascalCase, the data plane's lower case: `NonAdmin` is `nonadmin` there. */
function lowerCased<T extends object>(object: T | undefined): LowerCased<T> | undefined {
  if (object === undefined) return undefined;
  const entries = Object.entries(object).map(([key, value]): [string, unknown] => [
    key,
    typeof value === "string" ? value.toLowerCase() : value,
  ]);
  return Object.fromEntries(entries) as LowerCased<T>;
}

function lowerCaseWord<Word extends string>(word: Word | undefined): Lowercase<Word> | undefined {
  return word?.toLowerCase() as Lowercase<Word> | undefined;
}
