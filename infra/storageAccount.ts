/** The storage account: the stack's own, without keys and without public access, or one that its team has already. */
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import type { Keeping, StackConfig } from "./config";
import { existing } from "./existing";
import { keptOptions } from "./keeping";
import { containers } from "./naming";

export interface OwnStorageAccount {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly accountName: string;
  /** Days after which the results of a run are deleted. */
  readonly retainRunsDays: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Where containers can be declared. */
export interface StorageAccount {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly accountName: pulumi.Input<string>;
  /** Without a slash at the end. */
  readonly blobEndpoint: pulumi.Output<string>;
  /** Tells an account from one of the same name that was deleted (accountCreated.ts). */
  readonly accountCreated: pulumi.Output<string>;
}

export type StorageAccountPlan =
  | { readonly kind: "own"; readonly own: OwnStorageAccount }
  | { readonly kind: "existing"; readonly account: StorageAccount };

/** Asks for the team's account where there is one; nothing of it is changed. */
export async function planStorageAccount(
  choice: StackConfig["storageAccount"],
  own: OwnStorageAccount,
): Promise<StorageAccountPlan> {
  if (choice.kind === "own") return { kind: "own", own };
  const { id, resourceGroup: resourceGroupName, name: accountName } = choice.existing;
  const question = storage.getStorageAccount({ resourceGroupName, accountName });
  const { primaryEndpoints, creationTime } = await existing(
    "storageAccount",
    `storage account ${id}`,
    question,
  );
  if (!primaryEndpoints.blob)
    throw new pulumi.RunError(`storageAccount: expected an account for blobs; ${id} has no blob endpoint`);
  return {
    kind: "existing",
    account: {
      resourceGroupName,
      accountName,
      blobEndpoint: pulumi.output(withoutSlash(primaryEndpoints.blob)),
      accountCreated: pulumi.output(creationTime),
    },
  };
}

/** Declares an account with its rule for old runs: rules are one object per account, so there are none of ours in a team's. */
export function declareStorageAccount(
  name: string,
  { retainRunsDays, ...own }: OwnStorageAccount,
  keeping: Keeping,
  parent: pulumi.Resource,
): StorageAccount {
  const { resourceGroupName } = own;
  const account = new storage.StorageAccount(
    name,
    {
      ...own,
      kind: storage.Kind.StorageV2,
      sku: { name: storage.SkuName.Standard_LRS },
      accessTier: storage.AccessTier.Hot,
      minimumTlsVersion: storage.MinimumTlsVersion.TLS1_2,
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      // Nodes and operators come with Entra identities: a key that does not exist cannot leak.
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
    },
    { parent, ...keptOptions(keeping) },
  );
  new storage.ManagementPolicy(
    `${name}-lifecycle`,
    {
      resourceGroupName,
      accountName: account.name,
      managementPolicyName: "default",
      policy: { rules: [oldRunsRule(retainRunsDays)] },
    },
    { parent },
  );
  return {
    resourceGroupName,
    accountName: account.name,
    blobEndpoint: account.primaryEndpoints.apply(({ blob }) => withoutSlash(blob)),
    accountCreated: account.creationTime,
  };
}

const withoutSlash = (url: string): string => url.replace(/\/$/, "");

/** Old runs go; the ledger stays, or everything would be detected again. */
function oldRunsRule(days: number) {
  return {
    name: "delete-old-runs",
    type: storage.RuleType.Lifecycle,
    enabled: true,
    definition: {
      filters: { blobTypes: ["blockBlob"], prefixMatch: [`${containers.output}/runs/`] },
      actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } },
    },
  };
}
