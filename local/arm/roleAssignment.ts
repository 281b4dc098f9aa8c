/** azure-native:authorization:RoleAssignment. What it gives is asked by every service (access.ts). */
import { z } from "zod";
import { roleDefinition } from "../roleDefinitions";
import { roleAssignmentExists } from "./failure";
import { resourceType } from "./resourceType";

export const roleAssignment = resourceType({
  token: "azure-native:authorization:RoleAssignment",
  armType: "Microsoft.Authorization/roleAssignments",
  apiVersion: "2022-04-01",
  naming: { property: "roleAssignmentName", style: "guid" },
  path: ["scope", "roleAssignmentName"],
  forceNew: ["principalId", "principalType", "roleDefinitionId"],
  isLocated: false,
  computed: [],
  inputs: z.object({
    roleAssignmentName: z.guid(),
    scope: z.string().startsWith("/"),
    principalId: z.guid(),
    principalType: z.enum(["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"]).optional(),
    roleDefinitionId: z
      .string()
      .refine((id) => roleDefinition(id) !== undefined, "the local cloud does not know this role"),
  }),
  id: ({ scope, roleAssignmentName }) =>
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${roleAssignmentName}`,
  parentId: ({ scope }) => scope,
  create: ({ roleAssignmentName, scope, principalId, roleDefinitionId }, id, { access }) => {
    const same = access
      .assignments()
      .find(
        (given) =>
          given.principalId === principalId &&
          given.scope.toLowerCase() === scope.toLowerCase() &&
          given.roleDefinitionId.toLowerCase() === roleDefinitionId.toLowerCase() &&
          given.id.toLowerCase() !== id.toLowerCase(),
      );
    if (same !== undefined) throw roleAssignmentExists(same.id.split("/").at(-1)!);
    access.assign({ id, scope, principalId, roleDefinitionId });
    return Promise.resolve({ name: roleAssignmentName });
  },
  // All that decides replaces the assignment; what is left, a description, changes nobody's rights.
  update: ({ roleAssignmentName }) => Promise.resolve({ name: roleAssignmentName }),
  delete: (_inputs, id, { access }) => {
    access.revoke(id);
    return Promise.resolve();
  },
});
