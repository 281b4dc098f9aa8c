/** The Batch account: Entra only, in Batch's own subscription, without auto-storage. */
import * as batch from "@pulumi/azure-native/batch";
import type * as pulumi from "@pulumi/pulumi";

export interface BatchAccountArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
  readonly accountName: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Auto-storage is left out: resource and output files name their containers, and it would need a key or one more identity. */
export function declareBatchAccount(name: string, args: BatchAccountArgs): batch.BatchAccount {
  return new batch.BatchAccount(name, {
    ...args,
    poolAllocationMode: batch.PoolAllocationMode.BatchService,
    allowedAuthenticationModes: [batch.AuthenticationMode.AAD],
  });
}
