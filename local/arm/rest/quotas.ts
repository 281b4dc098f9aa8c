/** Quotas as Azure Resource Manager tells them. */
import type { Quotas } from "../../cloud";
import type { RestHandler } from "./call";
import { demandRegistered } from "./providers";
import { regionOf } from "./regions";

/** Stands for "without bounds": quotas are numbers on the wire, int32 in Microsoft.Batch. */
const most = 2 ** 31 - 1;

export const getQuotas: RestHandler = (call) => {
  demandRegistered(call, "Microsoft.Batch");
  regionOf(call, "locations/quotas");
  return { accountQuota: call.services.batch.options.quotas.batchAccounts ?? most };
};

/** Those of an account. Azure: families have quotas of their own; here only the cores as a whole are counted, and it says so. */
export function accountQuotas({ pools, dedicatedCores }: Quotas): object {
  return {
    poolQuota: pools ?? most,
    dedicatedCoreQuota: dedicatedCores ?? most,
    dedicatedCoreQuotaPerVMFamily: [],
    dedicatedCoreQuotaPerVMFamilyEnforced: false,
    lowPriorityCoreQuota: most,
    activeJobAndJobScheduleQuota: most,
  };
}
