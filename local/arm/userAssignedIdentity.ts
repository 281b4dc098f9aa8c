/** azure-native:managedidentity:UserAssignedIdentity. */
import { z } from "zod";
import type { IdentityService, UserAssignedIdentity } from "../identity";
import { providerId, resourceGroupId, resourceType } from "./resourceType";

const outputsOf = (name: string, { clientId, principalId }: UserAssignedIdentity, service: IdentityService) =>
  Promise.resolve({ name, clientId, principalId, tenantId: service.tenantId });

export const userAssignedIdentity = resourceType({
  token: "azure-native:managedidentity:UserAssignedIdentity",
  armType: "Microsoft.ManagedIdentity/userAssignedIdentities",
  apiVersion: "2024-11-30",
  naming: { property: "resourceName", style: "random" },
  path: ["resourceGroupName", "resourceName"],
  forceNew: ["location"],
  isLocated: true,
  computed: ["clientId", "principalId", "tenantId"],
  inputs: z.object({
    resourceGroupName: z.string(),
    // Azure: 3–128 letters, digits, - and _, the first a letter or digit.
    resourceName: z
      .string()
      .regex(/^[A-Za-z0-9][\w-]{2,127}$/, "expected 3–128 letters, digits, dashes, underscores"),
  }),
  id: ({ resourceGroupName, resourceName }, subscriptionId) =>
    providerId(
      subscriptionId,
      resourceGroupName,
      "Microsoft.ManagedIdentity",
      ...["userAssignedIdentities", resourceName],
    ),
  parentId: ({ resourceGroupName }, subscriptionId) => resourceGroupId(subscriptionId, resourceGroupName),
  create: ({ resourceName }, id, { identity }) => outputsOf(resourceName, identity.addIdentity(id), identity),
  update: ({ resourceName }, id, { identity }) => outputsOf(resourceName, identity.ofResource(id), identity),
  delete: (_inputs, id, { identity }) => {
    identity.removeIdentity(id);
    return Promise.resolve();
  },
});
