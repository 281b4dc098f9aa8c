/** azure-native:storage:ManagementPolicy. Kept, not carried out: the local cloud deletes no blobs by age. */
import { z } from "zod";
import { resourceType, storageAccountId } from "./resourceType";

const made = () => Promise.resolve({ name: "DefaultManagementPolicy" });

export const managementPolicy = resourceType({
  token: "azure-native:storage:ManagementPolicy",
  armType: "Microsoft.Storage/storageAccounts/managementPolicies",
  apiVersion: "2024-01-01",
  naming: { property: "managementPolicyName", style: "copy" },
  path: ["resourceGroupName", "accountName", "managementPolicyName"],
  forceNew: [],
  isLocated: false,
  computed: [],
  inputs: z.object({
    resourceGroupName: z.string(),
    accountName: z.string(),
    managementPolicyName: z.literal("default"),
    policy: z.object({ rules: z.array(z.object({ name: z.string(), type: z.string() })) }),
  }),
  id: ({ resourceGroupName, accountName }, subscriptionId) =>
    `${storageAccountId(subscriptionId, resourceGroupName, accountName)}/managementPolicies/default`,
  parentId: ({ resourceGroupName, accountName }, subscriptionId) =>
    storageAccountId(subscriptionId, resourceGroupName, accountName),
  create: made,
  update: made,
  delete: () => Promise.resolve(),
});
