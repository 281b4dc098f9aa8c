/** The resource group that everything is in: the stack's own, or one that its team has already. */
import * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";
import type { Keeping, StackConfig } from "./config";
import { existing } from "./existing";
import { keptOptions } from "./keeping";

export interface ResourceGroup {
  readonly name: pulumi.Input<string>;
  readonly id: pulumi.Input<string>;
  /** The id as plain text: names that follow from it may not depend on outputs. */
  readonly plainId: string;
}

export interface OwnResourceGroup {
  readonly resourceGroupName: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly subscriptionId: string;
  readonly keeping: Keeping;
}

/** Declares `own`, or asks for the team's, of which nothing is changed: neither its tags nor its region. */
export async function resourceGroupOf(
  choice: StackConfig["resourceGroup"],
  { subscriptionId, keeping, ...own }: OwnResourceGroup,
): Promise<ResourceGroup> {
  if (choice.kind === "existing") {
    const thing = `resource group ${choice.existing} in subscription ${subscriptionId}`;
    const question = resources.getResourceGroup({ resourceGroupName: choice.existing });
    const { name, id } = await existing("resourceGroup", thing, question);
    return { name, id, plainId: id };
  }
  const group = new resources.ResourceGroup("group", own, keptOptions(keeping));
  const plainId = `/subscriptions/${subscriptionId}/resourceGroups/${own.resourceGroupName}`;
  return { name: group.name, id: group.id, plainId };
}
