/** Whether what the settings name of the team's own is there: the storage account and the nodes' subnet. */
import { z } from "zod";
import { subscriptionMistakes } from "../config";
import { fix, ok, type Check, type Finding, type Remedy } from "./check";
import { assessAt } from "./permissions";
import { sameRegion } from "./region";

const account = z.object({ name: z.string(), location: z.string() });
/** What whoever makes a pool must be allowed at its subnet. */
const join = "Microsoft.Network/virtualNetworks/subnets/join/action";
const network = z.object({
  location: z.string(),
  properties: z.object({ subnets: z.array(z.object({ name: z.string() })).nullish() }),
});
export type Network = z.infer<typeof network>;

export const existingChecks: readonly Check[] = [
  {
    id: "storage-account",
    title: "the team's storage account",
    place: "cloud",
    needs: ["settings", "subscription"],
    look: async ({ arm, config, subscriptionId, stack }) => {
      const settings = await config();
      const { storageAccount } = settings;
      if (storageAccount.kind === "own") return ok("none is named: the stack has its own");
      const { id } = storageAccount.existing;
      const remedies = remediesFor(
        "storageAccount",
        "az storage account list --query '[].id' --output tsv",
        stack,
      );
      const elsewhere = mistakeOf("storageAccount", subscriptionMistakes(settings, await subscriptionId()));
      if (elsewhere !== undefined) return fix(elsewhere, ...remedies);
      const found = await arm.find(id, "2024-01-01", account);
      return found === null
        ? fix(`there is no ${id}`, ...remedies)
        : ok(`${found.name} in ${found.location}`);
    },
  },
  {
    id: "subnet",
    title: "the nodes' subnet",
    place: "cloud",
    needs: ["settings", "subscription"],
    look: async (surroundings) => {
      const { arm, config, subscriptionId, stack } = surroundings;
      const settings = await config();
      const { subnet, location } = settings;
      if (subnet === undefined) return ok("none is named: the nodes are in a network of Batch's own");
      const elsewhere = mistakeOf("subnetId", subscriptionMistakes(settings, await subscriptionId()));
      if (elsewhere !== undefined) return fix(elsewhere, ...subnetRemedies(stack));
      const found = await arm.find(subnet.id.replace(/\/subnets\/[^/]+$/i, ""), "2024-05-01", network);
      const finding = assessSubnet(subnet, found, location, stack);
      if (finding.kind !== "ok") return finding;
      const joined = await assessAt(surroundings, subnet.id, [join], "Network Contributor");
      return joined.kind === "ok" ? finding : joined;
    },
  },
];

/** Pure. Batch: a pool's network is in the region of its account. */
export function assessSubnet(
  { id, name }: { readonly id: string; readonly name: string },
  found: Network | null,
  location: string,
  stack: string,
): Finding {
  const has = found?.properties.subnets?.some((one) => one.name.toLowerCase() === name.toLowerCase());
  if (found === null || has !== true) return fix(`there is no ${id}`, ...subnetRemedies(stack));
  return sameRegion(found.location, location)
    ? ok(`${name} in ${found.location}`)
    : fix(`${name} is in ${found.location}, the nodes would be in ${location}`, ...subnetRemedies(stack));
}

const subnetRemedies = (stack: string): readonly [Remedy, Remedy] =>
  remediesFor("subnetId", "az network vnet list --query '[].subnets[].id' --output tsv", stack);

const remediesFor = (key: string, list: string, stack: string): readonly [Remedy, Remedy] => [
  { command: list, note: "which there are" },
  { command: `pulumi config set ${key} ID --stack ${stack}`, note: "or nothing, for the stack's own" },
];

const mistakeOf = (key: string, mistakes: readonly string[]): string | undefined =>
  mistakes.find((mistake) => mistake.startsWith(`${key}: `));
