/** The only place of the job step that makes Azure clients and credentials. No key, no SAS: the caller's own identity. */
import { BatchServiceClient } from "@azure/batch";
import { DefaultAzureCredential } from "@azure/identity";
import { AzureIdentityCredentialAdapter } from "@azure/ms-rest-js";
import { ContainerClient } from "@azure/storage-blob";
import { openBatch, type Batch } from "./batch";
import { containerUrl, type JobTarget } from "./target";

export interface Clients {
  readonly batch: Batch;
  readonly input: ContainerClient;
  readonly output: ContainerClient;
}

/** The double slash is the audience's own; the adapter's default audience is the management plane, which Batch refuses. */
const batchScope = "https://batch.core.windows.net//.default";

/** `note` hears what keeps failing while it is still tried. */
export function connect(target: JobTarget, note: (line: string) => void): Clients {
  const credential = new DefaultAzureCredential();
  const client = new BatchServiceClient(
    new AzureIdentityCredentialAdapter(credential, batchScope),
    target.batchEndpoint.replace(/\/$/, ""),
    { noRetryPolicy: true },
  );
  return {
    batch: openBatch(client, note),
    input: new ContainerClient(containerUrl(target, "input"), credential, blobOptions),
    output: new ContainerClient(containerUrl(target, "output"), credential, blobOptions),
  };
}

/** One container of a storage account, before there is a whole target. */
export function connectContainer(blobEndpoint: string, container: string): ContainerClient {
  return new ContainerClient(
    `${blobEndpoint.replace(/\/$/, "")}/${container}`,
    new DefaultAzureCredential(),
    blobOptions,
  );
}

/** The default of the SDK waits 4 s before its first retry and repeats for a minute. */
const blobOptions = { retryOptions: { maxTries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 8_000 } };
