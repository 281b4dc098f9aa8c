/** azure-native:resources:ResourceGroup. */
import { z } from "zod";
import { resourceGroupId, resourceType } from "./resourceType";

export const resourceGroup = resourceType({
  token: "azure-native:resources:ResourceGroup",
  inputs: z.object({ resourceGroupName: z.string(), location: z.string() }),
  id: ({ resourceGroupName }, subscriptionId) => resourceGroupId(subscriptionId, resourceGroupName),
  create: ({ resourceGroupName }) =>
    Promise.resolve({ name: resourceGroupName, properties: { provisioningState: "Succeeded" } }),
});
