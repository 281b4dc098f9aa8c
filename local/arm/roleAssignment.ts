/** azure-native:authorization:RoleAssignment. Kept, not yet enforced: every known identity may do everything locally. */
import { z } from "zod";
import { resourceType } from "./resourceType";

export const roleAssignment = resourceType({
  token: "azure-native:authorization:RoleAssignment",
  inputs: z.object({
    roleAssignmentName: z.guid(),
    scope: z.string(),
    principalId: z.guid(),
    roleDefinitionId: z.string(),
  }),
  id: ({ scope, roleAssignmentName }) =>
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${roleAssignmentName}`,
  create: ({ roleAssignmentName }) => Promise.resolve({ name: roleAssignmentName }),
});
