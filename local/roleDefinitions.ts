/**
 * The built-in roles that the local cloud knows, as Azure defines them (Azure RBAC: "Azure built-in roles"; Azure Batch:
 * "Role-based access control for Azure Batch service"). What Azure grants beyond the providers that exist here stays in, so
 * that a definition can be compared with Azure's.
 */
export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  /** What it may do to resources, on the management plane and where a service checks an action on its own. */
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  /** What it may do to the data inside them. */
  readonly dataActions: readonly string[];
}

const blobServices = "Microsoft.Storage/storageAccounts/blobServices";

/** By the names that the code uses for them. */
export const builtInRoles = {
  owner: {
    id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    name: "Owner",
    actions: ["*"],
    notActions: [],
    dataActions: [],
  },
  contributor: {
    id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
    name: "Contributor",
    actions: ["*"],
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
      "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
      "Microsoft.Subscription/cancel/action",
      "Microsoft.Subscription/enable/action",
    ],
    dataActions: [],
  },
  reader: {
    id: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    name: "Reader",
    actions: ["*/read"],
    notActions: [],
    dataActions: [],
  },
  blobReader: {
    id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    name: "Storage Blob Data Reader",
    actions: [`${blobServices}/containers/read`, `${blobServices}/generateUserDelegationKey/action`],
    notActions: [],
    dataActions: [`${blobServices}/containers/blobs/read`],
  },
  blobContributor: {
    id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    name: "Storage Blob Data Contributor",
    actions: [
      `${blobServices}/containers/delete`,
      `${blobServices}/containers/read`,
      `${blobServices}/containers/write`,
      `${blobServices}/generateUserDelegationKey/action`,
    ],
    notActions: [],
    dataActions: [
      `${blobServices}/containers/blobs/delete`,
      `${blobServices}/containers/blobs/read`,
      `${blobServices}/containers/blobs/write`,
      `${blobServices}/containers/blobs/move/action`,
      `${blobServices}/containers/blobs/add/action`,
    ],
  },
  batchDataContributor: {
    id: "6aaa78f1-f7de-44ca-8722-c64a23943cae",
    name: "Azure Batch Data Contributor",
    actions: [
      "Microsoft.Authorization/*/read",
      "Microsoft.Batch/batchAccounts/read",
      "Microsoft.Batch/batchAccounts/applications/*",
      "Microsoft.Batch/batchAccounts/certificates/*",
      "Microsoft.Batch/batchAccounts/certificateOperationResults/*",
      "Microsoft.Batch/batchAccounts/pools/*",
      "Microsoft.Batch/batchAccounts/poolOperationResults/*",
      "Microsoft.Batch/locations/*/read",
      "Microsoft.Insights/alertRules/*",
      "Microsoft.Resources/deployments/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
    notActions: [],
    dataActions: ["Microsoft.Batch/batchAccounts/jobSchedules/*", "Microsoft.Batch/batchAccounts/jobs/*"],
  },
  batchJobSubmitter: {
    id: "48e5e92e-a480-4e71-aa9c-2778f4c13781",
    name: "Azure Batch Job Submitter",
    actions: [
      "Microsoft.Batch/batchAccounts/applications/read",
      "Microsoft.Batch/batchAccounts/applications/versions/read",
      "Microsoft.Batch/batchAccounts/pools/read",
      "Microsoft.Insights/alertRules/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
    notActions: [],
    dataActions: ["Microsoft.Batch/batchAccounts/jobSchedules/*", "Microsoft.Batch/batchAccounts/jobs/*"],
  },
} as const satisfies Readonly<Record<string, RoleDefinition>>;

export type RoleName = keyof typeof builtInRoles;

const byId = new Map<string, RoleDefinition>(Object.values(builtInRoles).map((role) => [role.id, role]));

/** By its GUID or by an ARM id that ends with it; undefined for a role that is not known here. */
export function roleDefinition(roleDefinitionId: string): RoleDefinition | undefined {
  return byId.get(roleDefinitionId.toLowerCase().split("/").at(-1) ?? "");
}
