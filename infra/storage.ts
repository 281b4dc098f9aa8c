/** The storage account: containers for pictures, results and layers, without keys and without public access. */
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { containers } from "./naming";

export interface StorageArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly accountName: string;
  /** Days after which the results of a run are deleted. */
  readonly retainRunsDays: number;
  readonly tags: Readonly<Record<string, string>>;
}

type Containers = Readonly<Record<keyof typeof containers, storage.BlobContainer>>;

export class Storage extends pulumi.ComponentResource {
  /** Without a slash at the end. */
  readonly blobEndpoint: pulumi.Output<string>;
  readonly containers: Containers;

  constructor(name: string, args: StorageArgs, options?: pulumi.ComponentResourceOptions) {
    super("detect:infra:Storage", name, {}, options);
    const { resourceGroupName, location, accountName, tags } = args;
    const account = new storage.StorageAccount(
      name,
      {
        resourceGroupName,
        accountName,
        location,
        tags,
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
      { parent: this },
    );
    const container = (key: keyof typeof containers): storage.BlobContainer =>
      new storage.BlobContainer(
        `${name}-${key}`,
        {
          resourceGroupName,
          accountName: account.name,
          containerName: containers[key],
          publicAccess: storage.PublicAccess.None,
        },
        { parent: this },
      );
    this.containers = { input: container("input"), output: container("output"), layers: container("layers") };
    new storage.ManagementPolicy(
      `${name}-lifecycle`,
      {
        resourceGroupName,
        accountName: account.name,
        managementPolicyName: "default",
        policy: { rules: [oldRunsRule(args.retainRunsDays)] },
      },
      { parent: this },
    );
    this.blobEndpoint = account.primaryEndpoints.apply(({ blob }) => blob.replace(/\/$/, ""));
    this.registerOutputs({ blobEndpoint: this.blobEndpoint });
  }
}

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
