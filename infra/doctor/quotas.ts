/** Whether the nodes fit into what Batch allows: accounts of a region, pools and vCPUs of the account. */
import { z } from "zod";
import { mostSpotNodes } from "../autoscale";
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
          `${neededText(settings)} of ${family} are needed; what Batch gives is known once the account exists: first deploy with no nodes, then look again`,
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

type Nodes = Pick<StackConfig, "scaling" | "vCpus">;

/** Pure: the vCPUs of as many nodes as the settings may ask for. */
function neededVCpus({ scaling, vCpus }: Nodes): {
  readonly dedicated: number;
  readonly spot: number;
} {
  if (scaling.kind === "fixed") return { dedicated: vCpus * scaling.nodes, spot: 0 };
  const spot = mostSpotNodes(scaling);
  return { dedicated: vCpus * (scaling.maxNodes - spot), spot: vCpus * spot };
}

function neededText(nodes: Nodes): string {
  const { dedicated, spot } = neededVCpus(nodes);
  return `${dedicated} vCPUs${spot > 0 ? ` and ${spot} of Spot nodes` : ""}`;
}

/** Pure: Spot nodes first where none of them can come and there are no others; then the dedicated ones. */
export function assessVCpuQuota(
  settings: Nodes,
  family: string,
  account: BatchAccount,
  stack: string,
): Finding {
  const dedicated = assessDedicated(settings, family, account, stack);
  const { spot } = neededVCpus(settings);
  if (spot === 0 || dedicated.kind === "fix") return dedicated;
  const has = account.properties.lowPriorityCoreQuota ?? 0;
  const measured = `${dedicated.measured}; ${spot} vCPUs of Spot nodes are needed, the account may have ${has}`;
  if (has >= spot) return { ...dedicated, measured };
  const fewer = { command: `pulumi config set spotShare 0 --stack ${stack}`, note: "dedicated nodes only" };
  const more = {
    command: `az batch account show --name ${account.name} --resource-group ${groupOf(account)} --query lowPriorityCoreQuota`,
    note: "ask for more: Azure portal, the account, Quotas",
  };
  const others = dedicated.kind === "warning" ? dedicated.remedies : [];
  const noneComes = neededVCpus(settings).dedicated === 0 && has < settings.vCpus;
  return noneComes ? fix(measured, fewer, more) : warning(measured, ...others, fewer, more);
}

const groupOf = ({ id }: BatchAccount): string => id.split("/")[4]!;

/** Batch ARM: where families have quotas of their own, both count; a family that is not listed has none. */
function assessDedicated(settings: Nodes, family: string, account: BatchAccount, stack: string): Finding {
  const { name, properties } = account;
  const { dedicated: needed } = neededVCpus(settings);
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
  const fitting = fittingNodes(settings, least.vCpus);
  const more = {
    command: `az batch account show --name ${name} --resource-group ${groupOf(account)} --query dedicatedCoreQuotaPerVmFamily --output table`,
    note: "what there is; ask for more: Azure portal, the account, Quotas",
  };
  const setting = settings.scaling.kind === "fixed" ? "poolNodes" : "maxNodes";
  const fewer = (nodes: number) => ({ command: `pulumi config set ${setting} ${nodes} --stack ${stack}` });
  if (properties.poolQuota === 0) return fix(`account ${name} may have no pool`, more);
  const measured = `${needed} vCPUs are needed, ${limits.map(({ of, vCpus }) => `${of} may have ${vCpus}`).join(", ")}`;
  if (least.vCpus >= needed) return ok(measured);
  if (fitting === null) return fix(measured, more);
  if (settings.scaling.kind === "fixed") return fix(measured, fewer(fitting), more);
  const coming = Math.floor(least.vCpus / settings.vCpus);
  return warning(`${measured}: at most ${coming} dedicated nodes will come`, fewer(fitting), more);
}

/** Pure: the most nodes that the setting allows and whose dedicated ones fit; null where there is no such number. */
function fittingNodes({ scaling, vCpus }: Nodes, quota: number): number | null {
  if (scaling.kind === "fixed") return Math.floor(quota / vCpus);
  for (let { maxNodes } = scaling; maxNodes >= Math.max(1, scaling.minNodes); maxNodes -= 1)
    if (neededVCpus({ scaling: { ...scaling, maxNodes }, vCpus }).dedicated <= quota) return maxNodes;
  return null;
}
