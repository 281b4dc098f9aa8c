/** azure-native:storage:BlobContainer. */
import { z } from "zod";
import { audiences } from "../audiences";
import type { BlobAccess } from "../blobs";
import type { CloudServices } from "../cloud";
import { blobEndpoint } from "../storageAccounts";
import { resourceType, storageAccountId } from "./resourceType";

interface ContainerPlace {
  readonly accountName: string;
  readonly containerName: string;
}

/** Behind the account's front, where no role is asked: the management plane has asked its own. */
function urlOf({ accountName, containerName }: ContainerPlace, { storage }: CloudServices): Promise<string> {
  return storage.behindFront(blobEndpoint(storage.get(accountName)) + containerName);
}

/** The management plane makes and removes containers in its own name. */
const own = ({ identity }: CloudServices): BlobAccess => ({
  kind: "token",
  token: identity.operatorToken(audiences.storage),
});

export const blobContainer = resourceType({
  token: "azure-native:storage:BlobContainer",
  armType: "Microsoft.Storage/storageAccounts/blobServices/containers",
  apiVersion: "2024-01-01",
  naming: { property: "containerName", style: "copy" },
  path: ["resourceGroupName", "accountName", "containerName"],
  forceNew: [],
  isLocated: false,
  computed: [],
  inputs: z.object({
    resourceGroupName: z.string(),
    accountName: z.string(),
    // Azure: 3–63 lower-case letters, digits and single dashes inside.
    containerName: z
      .string()
      .regex(
        /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
        "expected 3–63 lower-case letters, digits, single dashes",
      ),
  }),
  id: ({ resourceGroupName, accountName, containerName }, subscriptionId) =>
    `${storageAccountId(subscriptionId, resourceGroupName, accountName)}/blobServices/default/containers/${containerName}`,
  parentId: ({ resourceGroupName, accountName }, subscriptionId) =>
    storageAccountId(subscriptionId, resourceGroupName, accountName),
  create: async (inputs, _id, services) => {
    await services.blobs.createContainer(await urlOf(inputs, services), own(services));
    return { name: inputs.containerName };
  },
  update: ({ containerName }) => Promise.resolve({ name: containerName }),
  read: async (inputs, _id, services) => {
    const there = await services.blobs.containerExists(await urlOf(inputs, services), own(services));
    return there ? { inputs: {}, outputs: {} } : undefined;
  },
  delete: async (inputs, _id, services) => {
    await services.blobs.deleteContainer(await urlOf(inputs, services), own(services));
  },
});
