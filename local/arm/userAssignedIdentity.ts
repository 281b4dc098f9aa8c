/** azure-native:managedidentity:UserAssignedIdentity. */
import { z } from "zod";
import { providerId, resourceType } from "./resourceType";

export const userAssignedIdentity = resourceType({
  token: "azure-native:managedidentity:UserAssignedIdentity",
  inputs: z.object({ resourceGroupName: z.string(), resourceName: z.string() }),
  id: ({ resourceGroupName, resourceName }, subscriptionId) =>
    providerId(
      subscriptionId,
      resourceGroupName,
      "Microsoft.ManagedIdentity",
      "userAssignedIdentities",
      resourceName,
    ),
  create: ({ resourceName }, id, { identity }) => {
    const { clientId, principalId } = identity.addIdentity(id);
    return Promise.resolve({ name: resourceName, clientId, principalId, tenantId: identity.tenantId });
  },
});
