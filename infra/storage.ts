/** The stack's storage: an account, and in it the containers for pictures, results and layers, without public access. */
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import type { Keeping } from "./config";
import { containerOptions } from "./keeping";
import { containers } from "./naming";
import { declareStorageAccount, type StorageAccountPlan } from "./storageAccount";

export interface StorageArgs {
  readonly account: StorageAccountPlan;
  readonly keeping: Keeping;
}

type Containers = Readonly<Record<keyof typeof containers, storage.BlobContainer>>;

export class Storage extends pulumi.ComponentResource {
  /** Without a slash at the end. */
  readonly blobEndpoint: pulumi.Output<string>;
  /** Tells the account from one of the same name that was deleted (accountCreated.ts). */
  readonly accountCreated: pulumi.Output<string>;
  readonly containers: Containers;

  constructor(
    name: string,
    { account: plan, keeping }: StorageArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("detect:infra:Storage", name, {}, options);
    const account = plan.kind === "own" ? declareStorageAccount(name, plan.own, keeping, this) : plan.account;
    const container = (key: keyof typeof containers): storage.BlobContainer =>
      new storage.BlobContainer(
        `${name}-${key}`,
        {
          resourceGroupName: account.resourceGroupName,
          accountName: account.accountName,
          containerName: containers[key],
          publicAccess: storage.PublicAccess.None,
        },
        { parent: this, ...containerOptions(key, keeping) },
      );
    this.containers = { input: container("input"), output: container("output"), layers: container("layers") };
    this.blobEndpoint = account.blobEndpoint;
    this.accountCreated = account.accountCreated;
    this.registerOutputs({ blobEndpoint: this.blobEndpoint });
  }
}
