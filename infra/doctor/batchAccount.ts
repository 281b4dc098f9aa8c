/** The stack's Batch account as Azure Resource Manager shows it. */
import { z } from "zod";
import { resourceGroupOf } from "./group";
import type { Surroundings } from "./surroundings";

export const batchApiVersion = "2024-07-01";

const account = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.object({
    /** Without a scheme. */
    accountEndpoint: z.string(),
    poolQuota: z.number().nullish(),
    dedicatedCoreQuota: z.number().nullish(),
    /** Of Spot nodes, whatever their family. */
    lowPriorityCoreQuota: z.number().nullish(),
    dedicatedCoreQuotaPerVMFamily: z.array(z.object({ name: z.string(), coreQuota: z.number() })).nullish(),
    dedicatedCoreQuotaPerVMFamilyEnforced: z.boolean().nullish(),
  }),
});
export type BatchAccount = z.infer<typeof account>;

/** Null: there is none yet. */
export async function findBatchAccount(surroundings: Surroundings): Promise<BatchAccount | null> {
  const { names } = surroundings;
  const { batchAccount } = await names();
  const group = await resourceGroupOf(surroundings);
  return surroundings.arm.find(
    `${group.id}/providers/Microsoft.Batch/batchAccounts/${batchAccount}`,
    batchApiVersion,
    account,
  );
}

/** Those of the subscription in all regions. */
export async function listBatchAccounts({
  arm,
  subscriptionId,
}: Surroundings): Promise<readonly BatchAccount[]> {
  return arm.list(
    `/subscriptions/${await subscriptionId()}/providers/Microsoft.Batch/batchAccounts`,
    batchApiVersion,
    account,
  );
}
