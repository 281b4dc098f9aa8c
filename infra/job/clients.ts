/** The only place of the job step that makes Azure clients. No key, no SAS: the caller's own identity. */
import { BatchServiceClient, type BatchServiceModels } from "@azure/batch";
import type { AccessToken } from "@azure/identity";
import {
  AzureIdentityCredentialAdapter,
  getDefaultProxySettings,
  proxyPolicy,
  ServiceClient,
  signingPolicy,
  type AbortSignalLike,
  type HttpMethods,
} from "@azure/ms-rest-js";
import {
  AnonymousCredential,
  ContainerClient,
  newPipeline,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { openBatch, type Batch } from "./batch";
import type { CallPatience } from "./batchCall";
import { ownCredential } from "./credential";
import { containerUrl, type JobTarget } from "./target";
import { withTrimmedListings } from "./trimmedListing";

export interface Clients {
  readonly batch: Batch;
  readonly input: ContainerClient;
  readonly output: ContainerClient;
}

/** The double slash is the audience's own; the adapter's default audience is the management plane, which Batch refuses. */
const batchScope = "https://batch.core.windows.net//.default";

/** `note` hears what keeps failing while it is still tried. */
export function connect(
  target: JobTarget,
  note: (line: string) => void,
  options: Pick<CallPatience, "unreachableMs"> = {},
): Clients {
  const credential = ownCredential();
  const client = new BatchServiceClient(
    new AzureIdentityCredentialAdapter(credential, batchScope),
    target.batchEndpoint.replace(/\/$/, ""),
    { noRetryPolicy: true },
  );
  return {
    batch: openBatch(client, note, options),
    input: containerAt(containerUrl(target, "input"), credential),
    output: containerAt(containerUrl(target, "output"), credential),
  };
}

/** One container of a storage account, before there is a whole target. */
export function connectContainer(blobEndpoint: string, container: string): ContainerClient {
  return containerAt(`${blobEndpoint.replace(/\/$/, "")}/${container}`, ownCredential());
}

function containerAt(url: string, credential: ReturnType<typeof ownCredential>): ContainerClient {
  return new ContainerClient(url, withTrimmedListings(newPipeline(credential, blobOptions)));
}

/** The default of the SDK waits 4 s before its first retry and repeats for a minute; these go on for about 16 s. A run makes hundreds of requests, and one that is given up ends a submit. */
const blobOptions = { retryOptions: { maxTries: 6, retryDelayInMs: 500, maxRetryDelayInMs: 8_000 } };

/** The services asked as the job step asks them, and in ways they should refuse: what `npm run smoke` tells their answers by. */
export interface Probes {
  /** As the job step and the SDKs underneath ask for it. */
  readonly token: (scope: string, abortSignal: AbortSignal) => Promise<AccessToken>;
  readonly containers: Readonly<Record<keyof JobTarget["containers"], ContainerClient>>;
  readonly anonymous: ContainerClient;
  /** Signs with a key that is nobody's. */
  readonly keyed: ContainerClient;
  readonly batch: BatchServiceClient;
  readonly batchSingleSlash: BatchServiceClient;
  readonly batchAnonymous: BatchServiceClient;
}

export const probeScopes = {
  storage: "https://storage.azure.com/.default",
  batch: batchScope,
  batchSingleSlash: "https://batch.core.windows.net/.default",
} as const;

/** A probe wants the service's first answer, not its best: one more try is for a lost connection. */
const probeOptions = { retryOptions: { maxTries: 2, retryDelayInMs: 500 } };

/** `madeUpKey` is base64. */
export function connectProbes(target: JobTarget, madeUpKey: string): Probes {
  const credential = ownCredential();
  const container = (name: keyof JobTarget["containers"]): ContainerClient =>
    new ContainerClient(containerUrl(target, name), credential, probeOptions);
  const batch = (signer: ConstructorParameters<typeof BatchServiceClient>[0]): BatchServiceClient =>
    new BatchServiceClient(signer, target.batchEndpoint.replace(/\/$/, ""), { noRetryPolicy: true });
  const input = container("input");
  return {
    token: (scope, abortSignal) => credential.getToken(scope, { abortSignal }),
    containers: { input, output: container("output"), layers: container("layers") },
    anonymous: new ContainerClient(input.url, new AnonymousCredential(), probeOptions),
    keyed: new ContainerClient(
      input.url,
      new StorageSharedKeyCredential(input.accountName, madeUpKey),
      probeOptions,
    ),
    batch: batch(new AzureIdentityCredentialAdapter(credential, probeScopes.batch)),
    batchSingleSlash: batch(new AzureIdentityCredentialAdapter(credential, probeScopes.batchSingleSlash)),
    batchAnonymous: batch({ signRequest: (request) => Promise.resolve(request) }),
  };
}

/** Azure Resource Manager and what it leads to, for questions before there is a target. */
export interface Management {
  readonly token: (abortSignal: AbortSignal) => Promise<AccessToken>;
  /** `path` with its query; any status is an answer. */
  readonly ask: (
    method: HttpMethods,
    path: string,
    body: object | undefined,
    abortSignal: AbortSignal,
  ) => Promise<{ readonly status: number; readonly text: string }>;
  /** As a Batch account lists them. */
  readonly supportedImages: (
    batchEndpoint: string,
    abortSignal: AbortSignal,
  ) => Promise<readonly BatchServiceModels.ImageInformation[]>;
}

/** `audience`: whom its tokens are meant for, "https://management.azure.com". */
export function connectManagement(endpoint: string, audience: string): Management {
  const credential = ownCredential();
  const scope = `${audience.replace(/\/+$/, "")}/.default`;
  const proxy = getDefaultProxySettings();
  // Named one by one: the default policies register a resource provider that is missing, which is for a person to decide.
  const client = new ServiceClient(undefined, {
    requestPolicyFactories: [
      signingPolicy(new AzureIdentityCredentialAdapter(credential, scope)),
      ...(proxy === undefined ? [] : [proxyPolicy(proxy)]),
    ],
  });
  return {
    token: (abortSignal) => credential.getToken(scope, { abortSignal }),
    ask: async (method, path, body, abortSignal) => {
      const answer = await client.sendRequest({
        method,
        url: endpoint.replace(/\/+$/, "") + path,
        headers: { "content-type": "application/json" },
        body,
        // The same in the type of this SDK, which differs in that of `this` only.
        abortSignal: abortSignal as unknown as AbortSignalLike,
      });
      return { status: answer.status, text: answer.bodyAsText ?? "" };
    },
    supportedImages: async (batchEndpoint, abortSignal) => {
      const signer = new AzureIdentityCredentialAdapter(credential, batchScope);
      const batch = new BatchServiceClient(signer, batchEndpoint, { noRetryPolicy: true });
      const images: BatchServiceModels.ImageInformation[] = [];
      const signal = abortSignal as unknown as AbortSignalLike;
      let page = await batch.account.listSupportedImages({ abortSignal: signal });
      images.push(...page);
      while (page.odatanextLink !== undefined) {
        page = await batch.account.listSupportedImagesNext(page.odatanextLink, { abortSignal: signal });
        images.push(...page);
      }
      return images;
    },
  };
}
