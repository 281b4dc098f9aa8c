/** azure-native:batch:BatchAccount: a Batch service of its own. */
import { z } from "zod";
import { batchEndpoint } from "../batchAccounts";
import { providerId, resourceType } from "./resourceType";

export const batchAccount = resourceType({
  token: "azure-native:batch:BatchAccount",
  inputs: z.object({
    resourceGroupName: z.string(),
    // Azure: 3–24 lower-case letters and digits, unique in the region.
    accountName: z.string().regex(/^[a-z0-9]{3,24}$/, "expected 3–24 lower-case letters and digits"),
    allowedAuthenticationModes: z.array(z.enum(["SharedKey", "AAD", "TaskAuthenticationToken"])).optional(),
  }),
  id: ({ resourceGroupName, accountName }, subscriptionId) =>
    providerId(subscriptionId, resourceGroupName, "Microsoft.Batch", "batchAccounts", accountName),
  create: async ({ accountName, allowedAuthenticationModes }, _id, { batch }) => {
    // Azure: all three modes unless some are named.
    const record = await batch.ensure(accountName, allowedAuthenticationModes?.includes("SharedKey") ?? true);
    return {
      name: accountName,
      // Azure answers a host without a scheme.
      accountEndpoint: batchEndpoint(record).replace(/^https:\/\//, ""),
      provisioningState: "Succeeded",
    };
  },
});
