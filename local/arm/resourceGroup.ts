/** azure-native:resources:ResourceGroup. */
import { z } from "zod";
import { resourceGroupId, resourceType } from "./resourceType";

const made = (name: string) => Promise.resolve({ name, properties: { provisioningState: "Succeeded" } });

export const resourceGroup = resourceType({
  token: "azure-native:resources:ResourceGroup",
  armType: "Microsoft.Resources/resourceGroups",
  apiVersion: "2024-11-01",
  naming: { property: "resourceGroupName", style: "random" },
  path: ["resourceGroupName"],
  forceNew: ["location"],
  isLocated: true,
  computed: ["properties"],
  inputs: z.object({
    // Azure: 1–90 letters, digits, and ( ) - _ . but no dot at the end.
    resourceGroupName: z
      .string()
      .regex(/^[\w().-]{0,89}[\w()-]$/, "expected 1–90 letters, digits, and ( ) - _ ., no dot at the end"),
    location: z.string(),
  }),
  id: ({ resourceGroupName }, subscriptionId) => resourceGroupId(subscriptionId, resourceGroupName),
  parentId: () => null,
  create: ({ resourceGroupName }) => made(resourceGroupName),
  update: ({ resourceGroupName }) => made(resourceGroupName),
  delete: () => Promise.resolve(),
});
