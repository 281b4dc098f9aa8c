/** Whether Batch has the VM size in the region, and for how long. */
import { z } from "zod";
import type { Arm } from "./arm";
import { fix, ok, warning, type Check, type Finding } from "./check";
import { dayOf, daysUntil, warnedDays } from "./date";
import { regionPath } from "./region";

const sku = z.object({
  name: z.string(),
  familyName: z.string(),
  batchSupportEndOfLife: z.iso.datetime({ offset: true }).optional(),
  capabilities: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});
export type Sku = z.infer<typeof sku>;

/** All sizes of a region, some hundred. */
export function readSkus(arm: Arm, subscriptionId: string, location: string): Promise<readonly Sku[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Batch/locations/${regionPath(location)}/virtualMachineSkus`;
  return arm.list(path, "2024-07-01", sku);
}

export const vmSizeChecks: readonly Check[] = [
  {
    id: "vm-size",
    title: "Batch has the VM size there",
    place: "cloud",
    needs: ["region"],
    look: async ({ skus, config, today, stack }) => assessVmSize(await config(), await skus(), today, stack),
  },
];

/** Sizes are compared as Batch does: without letter case. */
export function skuOf(vmSize: string, skus: readonly Sku[]): Sku | undefined {
  return skus.find(({ name }) => name.toLowerCase() === vmSize.toLowerCase());
}

/** Pure. */
export function assessVmSize(
  { vmSize, vCpus, location }: { readonly vmSize: string; readonly vCpus: number; readonly location: string },
  skus: readonly Sku[],
  today: Date,
  stack: string,
): Finding {
  const found = skuOf(vmSize, skus);
  const others = alike(vCpus, skus, today);
  const change = { command: `pulumi config set vmSize ${others[0] ?? "SIZE"} --stack ${stack}` };
  const list = {
    command: `az batch location list-skus --location ${regionPath(location)} --output table`,
    note: "what it has",
  };
  if (found === undefined) return fix(`Batch in ${location} has no ${vmSize}`, change, list);
  const measured = `${found.name}, family ${found.familyName}`;
  const generations = capability(found, "HyperVGenerations");
  if (generations !== undefined && !generations.includes("V2"))
    return fix(`${measured}: generation ${generations}, and the nodes' image needs V2`, change, list);
  if (found.batchSupportEndOfLife === undefined) return ok(measured);
  const end = new Date(found.batchSupportEndOfLife);
  const leftDays = daysUntil(end, today);
  if (leftDays < 0) return fix(`${measured}: Batch's support ended on ${dayOf(end)}`, change, list);
  const lasts = `${measured}, supported until ${dayOf(end)}`;
  return leftDays < warnedDays ? warning(`${lasts}, ${leftDays} days from now`, change, list) : ok(lasts);
}

/** Undefined where Batch does not tell. */
function capability({ capabilities }: Pick<Sku, "capabilities">, wanted: string): string | undefined {
  return capabilities.find(({ name }) => name === wanted)?.value;
}

/** Sizes with as many vCPUs that stay, our default family first. */
function alike(vCpus: number, skus: readonly Sku[], today: Date): readonly string[] {
  const lasting = skus.filter(
    ({ name, capabilities, batchSupportEndOfLife: end }) =>
      /^standard_d/i.test(name) &&
      capability({ capabilities }, "vCPUs") === String(vCpus) &&
      (capability({ capabilities }, "CpuArchitectureType") ?? "x64") === "x64" &&
      (capability({ capabilities }, "HyperVGenerations") ?? "V2").includes("V2") &&
      (end === undefined || daysUntil(new Date(end), today) >= warnedDays),
  );
  const isDefault = ({ familyName }: Sku): number => (/^standardDSv3Family$/i.test(familyName) ? 0 : 1);
  return [...lasting].sort((one, other) => isDefault(one) - isDefault(other)).map(({ name }) => name);
}
