/** Single resources in the shape that Azure Resource Manager has for all: id, name, type, location, tags, and properties of their own. */
import { resourceGroupNotFound, resourceNotFound } from "../failure";
import {
  batchAccountId,
  resourceGroupId,
  storageAccountId,
  type Properties,
  type Resource,
} from "../resourceType";
import { param, type RestCall, type RestHandler } from "./call";
import { accountQuotas } from "./quotas";

export const getGroup: RestHandler = async (call) => {
  const name = param(call, "group");
  const found = await call.resources.read(resourceGroupId(call.subscriptionId, name), call.objectId);
  if (found === undefined) throw resourceGroupNotFound(name);
  return { ...envelope(found), properties: found.outputs.properties };
};

export const getStorageAccount: RestHandler = async (call) => {
  const found = await inGroup(call, storageAccountId);
  const { kind, sku, primaryEndpoints, provisioningState, creationTime } = found.outputs;
  return { ...envelope(found), kind, sku, properties: { primaryEndpoints, provisioningState, creationTime } };
};

export const getBatchAccount: RestHandler = async (call) =>
  accountBody(call, await inGroup(call, batchAccountId));

export const listBatchAccounts: RestHandler = (call) => ({
  value: call.resources
    .ofType("azure-native:batch:BatchAccount")
    .map((account) => accountBody(call, account)),
});

function accountBody({ services }: RestCall, account: Resource): object {
  const { accountEndpoint, provisioningState, allowedAuthenticationModes, publicNetworkAccess } =
    account.outputs;
  return {
    ...envelope(account),
    properties: {
      ...{ accountEndpoint, provisioningState, allowedAuthenticationModes, publicNetworkAccess },
      poolAllocationMode: "BatchService",
      ...accountQuotas(services.batch.options.quotas),
    },
  };
}

/** The resource that the path names. Throws ResourceGroupNotFound or ResourceNotFound. */
async function inGroup(
  call: RestCall,
  idOf: (subscriptionId: string, group: string, name: string) => string,
): Promise<Resource> {
  const group = param(call, "group");
  const id = idOf(call.subscriptionId, group, param(call, "name"));
  const found = await call.resources.read(id, call.objectId);
  if (found !== undefined) return found;
  if (call.resources.find(resourceGroupId(call.subscriptionId, group)) === undefined)
    throw resourceGroupNotFound(group);
  throw resourceNotFound(id);
}

function envelope({ id, outputs }: Resource): Properties {
  const { name, type, location, tags } = outputs;
  return { id, name, type, location, ...(tags !== undefined && { tags }) };
}
