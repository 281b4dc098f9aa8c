/** azure-native:batch:BatchAccount: a Batch service of its own. */
import { z } from "zod";
import { batchEndpoint, type BatchAccountRecord } from "../batchAccounts";
import { accountQuotaReached, nameTaken } from "./failure";
import { batchAccountId, resourceGroupId, resourceType } from "./resourceType";

const outputsOf = (record: BatchAccountRecord) => ({
  name: record.name,
  // Azure answers a host without a scheme.
  accountEndpoint: batchEndpoint(record).replace(/^https:\/\//, ""),
  provisioningState: "Succeeded",
});

const modes = z.array(z.enum(["SharedKey", "AAD", "TaskAuthenticationToken"])).optional();

/** Azure: all three modes unless some are named. */
const allowsSharedKey = (named: z.infer<typeof modes>): boolean => named?.includes("SharedKey") ?? true;

export const batchAccount = resourceType({
  token: "azure-native:batch:BatchAccount",
  armType: "Microsoft.Batch/batchAccounts",
  apiVersion: "2024-07-01",
  naming: { property: "accountName", style: "random" },
  path: ["resourceGroupName", "accountName"],
  forceNew: ["location"],
  isLocated: true,
  defaults: { publicNetworkAccess: "Enabled" },
  computed: ["accountEndpoint", "provisioningState"],
  inputs: z.object({
    resourceGroupName: z.string(),
    // Azure: 3–24 lower-case letters and digits, unique in the region.
    accountName: z.string().regex(/^[a-z0-9]{3,24}$/, "expected 3–24 lower-case letters and digits"),
    allowedAuthenticationModes: modes,
  }),
  id: ({ resourceGroupName, accountName }, subscriptionId) =>
    batchAccountId(subscriptionId, resourceGroupName, accountName),
  parentId: ({ resourceGroupName }, subscriptionId) => resourceGroupId(subscriptionId, resourceGroupName),
  create: async ({ accountName, allowedAuthenticationModes }, id, { batch }) => {
    if (batch.has(accountName)) throw nameTaken("AccountNameNotAvailable", accountName);
    const { batchAccounts: quota = Infinity } = batch.options.quotas;
    if (batch.options.records.list().length >= quota) throw accountQuotaReached(quota);
    return outputsOf(await batch.ensure(accountName, id, allowsSharedKey(allowedAuthenticationModes)));
  },
  update: async ({ accountName, allowedAuthenticationModes }, _id, { batch }) =>
    outputsOf(await batch.allowSharedKey(accountName, allowsSharedKey(allowedAuthenticationModes))),
  delete: ({ accountName }, _id, { batch }) => batch.remove(accountName),
});
