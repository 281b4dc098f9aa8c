/** Whether the nodes fit into what Batch allows: accounts of a region, pools and vCPUs of the account. */
import { z } from "zod";
import type { StackConfig } from "../config";
import { listBatchAccounts, batchApiVersion, type BatchAccount } from "./batchAccount";
import { fix, ok, unchecked, warning, type Check, type Finding } from "./check";
import { regionPath, sameRegion } from "./region";
import { skuOf } from "./vmSize";

const locationQuota = z.object({ accountQuota: z.number() });

export const accountQuotaCheck: Check = {
  id: "account-quota",
  title: "one more Batch account fits",
  place: "cloud",
  needs: ["region"],
  look: async (surroundings) => {
    const { arm, subscriptionId, config, batchAccount } = surroundings;
    if ((await batchAccount()) !== null) return ok("the stack has its account already");
    const { location } = await config();
    const path = `/subscriptions/${await subscriptionId()}/providers/Microsoft.Batch/locations/${regionPath(location)}/quotas`;
    const { accountQuota } = await arm.get(path, batchApiVersion, locationQuota);
    const accounts = await listBatchAccounts(surroundings);
    return assessAccountQuota(
      location,
      accountQuota,
      accounts.filter((one) => sameRegion(one.location, location)).map(({ name }) => name),
      surroundings.stack,
    );
  },
};

export const vCpuQuotaCheck: Check = {
  id: "vcpu-quota",
  title: "the nodes' vCPUs fit",
  place: "cloud",
  needs: ["vm-size"],
  look: async ({ config, skus, batchAccount, stack }) => {
    const settings = await config();
    const account = await batchAccount();
    const family = skuOf(settings.vmSize, await skus())?.familyName ?? "";
    return account === null
      ? unchecked(
          `${neededVCpus(settings)} vCPUs of ${family} are needed; what Batch gives is known once the account exists: first deploy with poolNodes 0, then look again`,
        )
      : assessVCpuQuota(settings, family, account, stack);
  },
};

/** Pure. */
export function assessAccountQuota(
  location: string,
  quota: number,
  accounts: readonly string[],
  stack: string,
): Finding {
  const measured = `${accounts.length} of ${quota} in ${location} are used`;
  if (accounts.length < quota) return ok(measured);
  return fix(
    accounts.length === 0 ? measured : `${measured}: ${accounts.join(", ")}`,
    { command: `pulumi config set azure-native:location REGION --stack ${stack}`, note: "another region" },
    {
      command: `az batch account list --query "[?location=='${regionPath(location)}'].[name,resourceGroup]" --output table`,
      note: "to delete one, or ask for more: Azure portal, Quotas, Batch",
    },
  );
}

/** Pure: the vCPUs of as many nodes as the settings may ask for. */
export function neededVCpus({ scaling, vCpus }: Pick<StackConfig, "scaling" | "vCpus">): number {
  return vCpus * (scaling.kind === "fixed" ? scaling.nodes : scaling.maxNodes);
}

/** Pure. Batch ARM: where families have quotas of their own, both count; a family that is not listed has none. */
export function assessVCpuQuota(
  settings: Pick<StackConfig, "scaling" | "vCpus">,
  family: string,
  { name, id, properties }: BatchAccount,
  stack: string,
): Finding {
  const needed = neededVCpus(settings);
  const total = properties.dedicatedCoreQuota ?? 0;
  const ofFamily = (properties.dedicatedCoreQuotaPerVMFamily ?? []).find(
    (one) => one.name.toLowerCase() === family.toLowerCase(),
  );
  const isPerFamily = properties.dedicatedCoreQuotaPerVMFamilyEnforced === true;
  const limits = [
    { of: `account ${name}`, vCpus: total },
    ...(isPerFamily ? [{ of: `family ${family}`, vCpus: ofFamily?.coreQuota ?? 0 }] : []),
  ];
  const least = limits.reduce((one, other) => (other.vCpus < one.vCpus ? other : one));
  const setting = settings.scaling.kind === "fixed" ? "poolNodes" : "maxNodes";
  const fitting = Math.floor(least.vCpus / settings.vCpus);
  const more = {
    command: `az batch account show --name ${name} --resource-group ${id.split("/")[4]!} --query dedicatedCoreQuotaPerVmFamily --output table`,
    note: "what there is; ask for more: Azure portal, the account, Quotas",
  };
  const fewer = { command: `pulumi config set ${setting} ${fitting} --stack ${stack}` };
  if (properties.poolQuota === 0) return fix(`account ${name} may have no pool`, more);
  const measured = `${needed} vCPUs are needed, ${limits.map(({ of, vCpus }) => `${of} may have ${vCpus}`).join(", ")}`;
  if (least.vCpus >= needed) return ok(measured);
  return settings.scaling.kind === "auto" && fitting > 0
    ? warning(`${measured}: at most ${fitting} nodes will come`, fewer, more)
    : fix(measured, fewer, more);
}
