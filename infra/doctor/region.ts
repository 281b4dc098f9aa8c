/** Whether the region is one, and has Batch. */
import { z } from "zod";
import { fix, ok, type Check, type Finding } from "./check";
import { providerCheck, readProvider } from "./providers";

const location = z.object({ name: z.string(), displayName: z.string() });
export type Location = z.infer<typeof location>;

export const regionChecks: readonly Check[] = [
  {
    id: "region",
    title: "the region has Batch",
    place: "cloud",
    needs: ["settings", providerCheck("Microsoft.Batch")],
    look: async (surroundings) => {
      const { arm, subscriptionId, config, stack } = surroundings;
      const known = await arm.list(
        `/subscriptions/${await subscriptionId()}/locations`,
        "2022-12-01",
        location,
      );
      const { resourceTypes } = await readProvider("Microsoft.Batch", surroundings);
      const accounts = resourceTypes.find(({ resourceType }) => resourceType === "batchAccounts");
      return assessRegion((await config()).location, known, accounts?.locations ?? [], stack);
    },
  },
];

/** Pure. `withBatch`: display names, as providers list them. Both spellings of a region are one to Azure. */
export function assessRegion(
  region: string,
  known: readonly Location[],
  withBatch: readonly string[],
  stack: string,
): Finding {
  const offered = known.filter(({ displayName }) => withBatch.some((name) => sameRegion(name, displayName)));
  const found = known.find(({ name }) => sameRegion(name, region));
  if (found !== undefined && offered.includes(found)) return ok(`${found.name} (${found.displayName})`);
  const near = nearest(
    region,
    offered.map(({ name }) => name),
  );
  return fix(
    found === undefined ? `${region} is no region of this subscription` : `${found.name} has no Batch`,
    { command: `pulumi config set azure-native:location ${near ?? "REGION"} --stack ${stack}` },
    {
      command: "az account list-locations --query '[].name' --output tsv",
      note: "the regions that there are",
    },
  );
}

/** "Japan East" and "japaneast". */
export function sameRegion(one: string, other: string): boolean {
  return regionPath(one) === regionPath(other);
}

/** A region as a part of a path or a command: "Japan East" → "japaneast". */
export const regionPath = (location: string): string =>
  encodeURIComponent(location.toLowerCase().replaceAll(" ", ""));

/** The name that starts most alike, if it starts alike at all. */
export function nearest(wanted: string, names: readonly string[]): string | undefined {
  const common = (name: string): number => {
    const [left, right] = [wanted.toLowerCase().replaceAll(" ", ""), name.toLowerCase()];
    let length = 0;
    while (length < left.length && left[length] === right[length]) length++;
    return length;
  };
  const best = [...names].sort((one, other) => common(other) - common(one))[0];
  return best !== undefined && common(best) >= 3 ? best : undefined;
}
