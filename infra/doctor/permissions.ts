/** Whether the caller may make the stack's resources, and may give roles. */
import { z } from "zod";
import { fix, ok, warning, type Check, type Finding, type Remedy } from "./check";
import { findGroup, resourceGroupOf } from "./group";
import type { Surroundings } from "./surroundings";

/** Of one role assignment that reaches the scope; `condition` narrows it in ways that are not judged here. */
const permission = z.object({
  actions: z.array(z.string()).default([]),
  notActions: z.array(z.string()).default([]),
  condition: z.string().nullish(),
});
export type Permission = z.infer<typeof permission>;

const ownGroup = "Microsoft.Resources/subscriptions/resourceGroups/write";
const ownAccount = [
  "Microsoft.Storage/storageAccounts/write",
  "Microsoft.Storage/storageAccounts/managementPolicies/write",
];
const container = "Microsoft.Storage/storageAccounts/blobServices/containers/write";
const compute = [
  "Microsoft.ManagedIdentity/userAssignedIdentities/write",
  "Microsoft.Batch/batchAccounts/write",
  "Microsoft.Batch/batchAccounts/pools/write",
];
const assignment = "Microsoft.Authorization/roleAssignments/write";

export const permissionChecks: readonly Check[] = [
  {
    id: "may-create",
    title: "you may make the stack's resources",
    place: "cloud",
    needs: ["settings", "subscription"],
    look: async (surroundings) => {
      const { resourceGroup, storageAccount } = await surroundings.config();
      const isOwnAccount = storageAccount.kind === "own";
      const inGroup = [
        ...(resourceGroup.kind === "own" ? [ownGroup] : []),
        ...(isOwnAccount ? [...ownAccount, container] : []),
        ...compute,
      ];
      return gravest([
        await assessAt(surroundings, await groupScope(surroundings), inGroup, "Contributor"),
        ...(isOwnAccount
          ? []
          : [await assessAt(surroundings, storageAccount.existing.id, [container], "Contributor")]),
      ]);
    },
  },
  {
    id: "may-assign-roles",
    title: "you may give roles to nodes and operators",
    place: "cloud",
    needs: ["settings", "subscription"],
    look: async (surroundings) => {
      const { roles, storageAccount } = await surroundings.config();
      if (roles.kind === "none") return ok("manageRoles is false: somebody else gives them");
      const role = "Role Based Access Control Administrator";
      const without = {
        command: `pulumi config set manageRoles false --stack ${surroundings.stack}`,
        note: 'then somebody else gives them: README, "Who needs which role"',
      };
      return gravest([
        await assessAt(surroundings, await groupScope(surroundings), [assignment], role, without),
        ...(storageAccount.kind === "own"
          ? []
          : [await assessAt(surroundings, storageAccount.existing.id, [assignment], role, without)]),
      ]);
    },
  },
];

/** The group where it exists, since that is where a team's rights may be; else the subscription, where it would be made. */
async function groupScope(surroundings: Surroundings): Promise<string> {
  if ((await findGroup(surroundings)) !== null) return (await resourceGroupOf(surroundings)).id;
  return `/subscriptions/${await surroundings.subscriptionId()}`;
}

/** Whether the caller may do all of this at an ARM id; `role` is what an owner would give him. */
export async function assessAt(
  { arm, caller }: Surroundings,
  scope: string,
  actions: readonly string[],
  role: string,
  ...others: readonly Remedy[]
): Promise<Finding> {
  const path = `${scope}/providers/Microsoft.Authorization/permissions`;
  const { objectId = "OBJECT_ID" } = await caller();
  const grant = {
    command: `az role assignment create --assignee ${objectId} --role "${role}" --scope ${scope}`,
    note: "typed by an Owner of it",
  };
  return assess(actions, await arm.list(path, "2022-04-01", permission), [grant, ...others]);
}

function gravest(findings: readonly [Finding, ...Finding[]]): Finding {
  return (
    findings.find(({ kind }) => kind === "fix") ?? findings.find(({ kind }) => kind !== "ok") ?? findings[0]
  );
}

/** Pure. Azure RBAC: what one assignment excepts another may give; deny assignments are not told. */
export function assess(
  actions: readonly string[],
  permissions: readonly Permission[],
  remedies: readonly [Remedy, ...Remedy[]],
): Finding {
  const giving = (action: string): readonly Permission[] => permissions.filter((one) => permits(one, action));
  const missing = actions.filter((action) => giving(action).length === 0);
  if (missing.length > 0) return fix(`you may not ${missing.join(", ")}`, ...remedies);
  const conditional = actions.filter((action) => giving(action).every(({ condition }) => condition));
  return conditional.length === 0
    ? ok(actions.length === 1 ? actions[0]! : `all ${actions.length} actions that a deploy needs`)
    : warning(`you may ${conditional.join(", ")} under a condition, which only a deploy tries`, ...remedies);
}

/** Pure. */
export function permits({ actions, notActions }: Permission, action: string): boolean {
  const named = (patterns: readonly string[]): boolean => patterns.some((pattern) => covers(pattern, action));
  return named(actions) && !named(notActions);
}

/** `*` stands for any text, slashes too; letter case does not matter. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}
