/** Regions: some of Azure's, by name. Where something is decides nothing here. */
import { noSuchLocation } from "../failure";
import { param, subscriptionScope, type RestCall, type RestHandler } from "./call";

export interface Region {
  readonly name: string;
  readonly displayName: string;
}

export const regions: readonly Region[] = [
  "Australia East",
  "Brazil South",
  "Canada Central",
  "Central India",
  "Central US",
  "East Asia",
  "East US",
  "East US 2",
  "France Central",
  "Germany West Central",
  "Japan East",
  "Japan West",
  "Korea Central",
  "North Europe",
  "Norway East",
  "South Africa North",
  "South Central US",
  "Southeast Asia",
  "Sweden Central",
  "Switzerland North",
  "UAE North",
  "UK South",
  "West Central US",
  "West Europe",
  "West US",
  "West US 2",
  "West US 3",
].map((displayName) => ({ displayName, name: plain(displayName) }));

export const listLocations: RestHandler = (call) => ({
  value: regions.map(({ name, displayName }) => ({
    id: `${subscriptionScope(call)}/locations/${name}`,
    name,
    type: "Region",
    displayName,
    regionalDisplayName: displayName,
    metadata: { regionType: "Physical" },
  })),
});

/** The region that the path names. Throws NoRegisteredProviderFound, as ARM for a region that a type is not in. */
export function regionOf(call: RestCall, type: string): Region {
  const asked = param(call, "location");
  const found = regions.find(({ name }) => name === plain(asked));
  if (found === undefined)
    throw noSuchLocation(
      asked,
      type,
      regions.map(({ name }) => name),
    );
  return found;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(" ", "");
}
