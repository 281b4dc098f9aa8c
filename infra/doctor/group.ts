/** The resource group that the stack goes into: its own, or one that the team has. */
import { z } from "zod";
import type { StackIdentity } from "../naming";
import { fix, ok, warning, type Check, type Finding } from "./check";
import { regionPath, sameRegion } from "./region";
import type { Surroundings } from "./surroundings";
import { whoseTags } from "./tags";

const group = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
});
export type Group = z.infer<typeof group>;

export interface Wanted {
  readonly kind: "own" | "existing";
  readonly name: string;
  readonly location: string;
}

/** Name and ARM id of the group, whether it is there or not. */
export async function resourceGroupOf({
  config,
  names,
  subscriptionId,
}: Surroundings): Promise<Wanted & { readonly id: string }> {
  const { resourceGroup, location } = await config();
  const name = resourceGroup.kind === "existing" ? resourceGroup.existing : (await names()).resourceGroup;
  const id = `/subscriptions/${await subscriptionId()}/resourceGroups/${encodeURIComponent(name)}`;
  return { kind: resourceGroup.kind, name, location, id };
}

/** Null: there is none. */
export async function findGroup(surroundings: Surroundings): Promise<Group | null> {
  return surroundings.arm.find((await resourceGroupOf(surroundings)).id, "2021-04-01", group);
}

export const groupChecks: readonly Check[] = [
  {
    id: "resource-group",
    title: "the resource group",
    place: "cloud",
    needs: ["settings", "subscription"],
    look: async (surroundings) => {
      const wanted = await resourceGroupOf(surroundings);
      const found = await findGroup(surroundings);
      return assessGroup(wanted, found, await surroundings.identity(), surroundings.stack);
    },
  },
];

/** Pure. Azure Resource Manager: a group stays in its region. */
export function assessGroup(
  wanted: Wanted,
  found: Group | null,
  identity: Pick<StackIdentity, "project" | "stack">,
  stack: string,
): Finding {
  if (wanted.kind === "existing")
    return found === null
      ? fix(
          `there is no resource group ${wanted.name}`,
          { command: `az group create --name ${wanted.name} --location ${regionPath(wanted.location)}` },
          {
            command: `pulumi config set resourceGroup "" --stack ${stack}`,
            note: "for one of the stack's own",
          },
        )
      : ok(`${found.name} is there`);
  if (found === null) return ok(`${wanted.name} is free`);
  if (!sameRegion(found.location, wanted.location))
    return fix(
      `${found.name} is in ${found.location}, the stack is set to ${wanted.location}`,
      { command: `pulumi config set azure-native:location ${found.location} --stack ${stack}` },
      {
        command: `pulumi destroy --stack ${stack}`,
        note: "before a move to the other region, with all that is in it",
      },
    );
  return whoseTags(found.tags, identity) === "this stack's"
    ? ok(`${found.name} is this stack's already`)
    : warning(
        `${found.name} is there and not tagged as this stack's: pulumi up makes it anew unless it is in the stack's state`,
        {
          command: `pulumi config set resourceGroup ${found.name} --stack ${stack}`,
          note: "to use it as it is",
        },
      );
}
