/** azure-native:storage:ManagementPolicy. Kept, not carried out: the local cloud deletes no blobs by age. */
import { z } from "zod";
import { providerId, resourceType } from "./resourceType";

export const managementPolicy = resourceType({
  token: "azure-native:storage:ManagementPolicy",
  inputs: z.object({
    resourceGroupName: z.string(),
    accountName: z.string(),
    managementPolicyName: z.literal("default"),
  }),
  id: ({ resourceGroupName, accountName }, subscriptionId) =>
    providerId(
      subscriptionId,
      resourceGroupName,
      "Microsoft.Storage",
      ...["storageAccounts", accountName, "managementPolicies", "default"],
    ),
  create: () => Promise.resolve({ name: "DefaultManagementPolicy" }),
});
