/** azure-native:storage:StorageAccount: an Azurite of its own. */
import { z } from "zod";
import { blobEndpoint, type StorageAccount } from "../storageAccounts";
import { nameTaken } from "./failure";
import { resourceGroupId, resourceType, storageAccountId } from "./resourceType";

const outputsOf = (account: StorageAccount) => ({
  name: account.name,
  primaryEndpoints: { blob: blobEndpoint(account) },
  provisioningState: "Succeeded",
  creationTime: account.createdAt,
});

export const storageAccount = resourceType({
  token: "azure-native:storage:StorageAccount",
  armType: "Microsoft.Storage/storageAccounts",
  apiVersion: "2024-01-01",
  naming: { property: "accountName", style: "random" },
  path: ["resourceGroupName", "accountName"],
  forceNew: ["location", "isHnsEnabled"],
  isLocated: true,
  computed: ["primaryEndpoints", "provisioningState", "creationTime"],
  inputs: z.object({
    resourceGroupName: z.string(),
    // Azure: 3–24 lower-case letters and digits, unique in the world.
    accountName: z.string().regex(/^[a-z0-9]{3,24}$/, "expected 3–24 lower-case letters and digits"),
    kind: z.string(),
    sku: z.object({ name: z.string() }),
    allowSharedKeyAccess: z.boolean().optional(),
  }),
  id: ({ resourceGroupName, accountName }, subscriptionId) =>
    storageAccountId(subscriptionId, resourceGroupName, accountName),
  parentId: ({ resourceGroupName }, subscriptionId) => resourceGroupId(subscriptionId, resourceGroupName),
  create: async ({ accountName, allowSharedKeyAccess = true }, id, { storage }) => {
    if (storage.has(accountName)) throw nameTaken("StorageAccountAlreadyTaken", accountName);
    return outputsOf(await storage.ensure(accountName, { id, allowSharedKeyAccess }));
  },
  update: async ({ accountName, allowSharedKeyAccess = true }, id, { storage }) =>
    outputsOf(await storage.ensure(accountName, { id, allowSharedKeyAccess })),
  delete: ({ accountName }, _id, { storage }) => storage.remove(accountName),
});
