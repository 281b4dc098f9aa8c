/** Who may do what: the nodes' identity with its roles, and the operators' roles. */
import * as authorization from "@pulumi/azure-native/authorization";
import type * as batch from "@pulumi/azure-native/batch";
import type * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import type { Roles } from "./config";
import { roleAssignmentName } from "./naming";
import type { Storage } from "./storage";

/** Azure built-in roles. */
const builtIn = {
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  /** Pools, jobs and tasks; not the account itself. */
  batchDataContributor: "6aaa78f1-f7de-44ca-8722-c64a23943cae",
} as const;

export interface RoleAssignmentsArgs {
  readonly roles: Exclude<Roles, { kind: "none" }>;
  readonly subscriptionId: string;
  readonly callerObjectId: string;
  readonly storage: Storage;
  readonly batchAccount: batch.BatchAccount;
  readonly nodeIdentity: managedidentity.UserAssignedIdentity;
  /** What no other stack has, and the nodes' identity; plain, since names of assignments may not depend on outputs. */
  readonly stackId: string;
  readonly nodeIdentityId: string;
}

interface Principal {
  /** Part of the resources' names. */
  readonly name: string;
  readonly id: pulumi.Input<string>;
  readonly type: string | undefined;
  /** What the assignment's GUID is made of. */
  readonly key: string;
  /** What its assignments were called where they were another setting's; the same ones are never made twice. */
  readonly formerName: string | undefined;
  /** Properties that a deploy leaves as they are. */
  readonly kept: readonly string[];
}

export class RoleAssignments extends pulumi.ComponentResource {
  constructor(name: string, args: RoleAssignmentsArgs, options?: pulumi.ComponentResourceOptions) {
    super("detect:infra:RoleAssignments", name, {}, options);
    const { input, output, layers } = args.storage.containers;
    const assign = (
      who: Principal,
      role: keyof typeof builtIn,
      where: string,
      scope: pulumi.CustomResource,
    ) =>
      new authorization.RoleAssignment(
        `${who.name}-${where}`,
        {
          scope: scope.id,
          principalId: who.id,
          ...(who.type && { principalType: who.type }),
          roleDefinitionId: `/subscriptions/${args.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${builtIn[role]}`,
          roleAssignmentName: roleAssignmentName(`${args.stackId}/${where}`, who.key, role),
        },
        {
          parent: this,
          ...(who.formerName && { aliases: [{ name: `${who.formerName}-${where}` }] }),
          ignoreChanges: [...who.kept],
        },
      );

    const nodes: Principal = {
      name: "nodes",
      id: args.nodeIdentity.principalId,
      type: "ServicePrincipal",
      key: args.nodeIdentityId,
      formerName: undefined,
      kept: [],
    };
    assign(nodes, "blobReader", "input", input);
    assign(nodes, "blobReader", "layers", layers);
    assign(nodes, "blobContributor", "output", output);

    for (const operator of operatorsOf(args)) {
      assign(operator, "blobContributor", "input", input);
      assign(operator, "blobContributor", "output", output);
      assign(operator, "blobContributor", "layers", layers);
      assign(operator, "batchDataContributor", "batch", args.batchAccount);
    }
    this.registerOutputs({});
  }
}

function operatorsOf({ roles, callerObjectId }: RoleAssignmentsArgs): Principal[] {
  if (roles.kind === "listed")
    return roles.operators.map(({ principalId: id, principalType: type }) => ({
      name: `operator-${id}`,
      id,
      type,
      key: id,
      ...(id === callerObjectId
        ? { formerName: "operator", kept: ["principalType"] }
        : { formerName: undefined, kept: [] }),
    }));
  // Whether the caller is a person or a pipeline is not known here; Azure looks it up.
  return [
    {
      name: "operator",
      id: callerObjectId,
      type: undefined,
      key: callerObjectId,
      formerName: `operator-${callerObjectId}`,
      // A later deploy by another caller gives and takes nothing.
      kept: ["principalId", "principalType", "roleAssignmentName"],
    },
  ];
}
