/** The functions ("invokes") that a program may call. */
import { z } from "zod";
import { notImplemented, resourceGroupNotFound, resourceNotFound } from "./failure";
import { resourceGroupId, storageAccountId, type Properties, type Resource } from "./resourceType";
import type { Resources } from "./resources";

export interface FunctionCaller {
  readonly objectId: string;
  readonly clientId: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
}

const groupArgs = z.object({ resourceGroupName: z.string() });
const accountArgs = z.object({ resourceGroupName: z.string(), accountName: z.string() });

/** Answers as azure-native does: the resource with its id. Throws NotImplemented for a function it does not know. */
export async function callFunction(
  token: string,
  args: unknown,
  caller: FunctionCaller,
  resources: Resources,
): Promise<Properties> {
  const { subscriptionId } = caller;
  switch (token) {
    case "azure-native:authorization:getClientConfig":
      return { ...caller };
    case "azure-native:resources:getResourceGroup": {
      const { resourceGroupName } = groupArgs.parse(args);
      const id = resourceGroupId(subscriptionId, resourceGroupName);
      return told(await resources.read(id, caller.objectId), () => resourceGroupNotFound(resourceGroupName));
    }
    case "azure-native:storage:getStorageAccount": {
      const { resourceGroupName, accountName } = accountArgs.parse(args);
      const id = storageAccountId(subscriptionId, resourceGroupName, accountName);
      return told(await resources.read(id, caller.objectId), () => resourceNotFound(id));
    }
    default:
      throw notImplemented(`function ${token}`);
  }
}

function told(resource: Resource | undefined, missing: () => Error): Properties {
  if (resource === undefined) throw missing();
  return { ...resource.outputs, id: resource.id };
}
