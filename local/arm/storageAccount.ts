/** azure-native:storage:StorageAccount: an Azurite of its own. */
import { z } from "zod";
import { blobEndpoint } from "../storageAccounts";
import { providerId, resourceType } from "./resourceType";

export const storageAccount = resourceType({
  token: "azure-native:storage:StorageAccount",
  inputs: z.object({
    resourceGroupName: z.string(),
    // Azure: 3–24 lower-case letters and digits, unique in the world.
    accountName: z.string().regex(/^[a-z0-9]{3,24}$/, "expected 3–24 lower-case letters and digits"),
  }),
  id: ({ resourceGroupName, accountName }, subscriptionId) =>
    providerId(subscriptionId, resourceGroupName, "Microsoft.Storage", "storageAccounts", accountName),
  create: async ({ accountName }, _id, { storage }) => {
    const account = await storage.ensure(accountName);
    return {
      name: accountName,
      primaryEndpoints: { blob: blobEndpoint(account) },
      provisioningState: "Succeeded",
    };
  },
});
