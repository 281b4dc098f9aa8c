/** azure-native:authorization:RoleAssignment. */
import { z } from "zod";
import { resourceType } from "./resourceType";

const made = (name: string) => Promise.resolve({ name });

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
    roleDefinitionId: z.string(),
  }),
  id: ({ scope, roleAssignmentName }) =>
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${roleAssignmentName}`,
  parentId: ({ scope }) => scope,
  create: ({ roleAssignmentName }) => made(roleAssignmentName),
  update: ({ roleAssignmentName }) => made(roleAssignmentName),
  delete: () => Promise.resolve(),
});
