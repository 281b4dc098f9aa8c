/** azure-native:storage:BlobContainer. */
import { z } from "zod";
import { audiences } from "../audiences";
import { blobEndpoint } from "../storageAccounts";
import { providerId, resourceType } from "./resourceType";

export const blobContainer = resourceType({
  token: "azure-native:storage:BlobContainer",
  inputs: z.object({ resourceGroupName: z.string(), accountName: z.string(), containerName: z.string() }),
  id: ({ resourceGroupName, accountName, containerName }, subscriptionId) =>
    providerId(
      subscriptionId,
      resourceGroupName,
      "Microsoft.Storage",
      ...["storageAccounts", accountName, "blobServices", "default", "containers", containerName],
    ),
  create: async ({ accountName, containerName }, _id, { storage, blobs, identity }) => {
    const account = await storage.ensure(accountName);
    await blobs.createContainer(blobEndpoint(account) + containerName, {
      kind: "token",
      token: identity.operatorToken(audiences.storage),
    });
    return { name: containerName };
  },
});
