/** The local cloud's only door to blob storage: what a node downloads before a task and uploads after it, and containers. */
import { Agent } from "node:https";
import { rootCertificates } from "node:tls";
import {
  AnonymousCredential,
  BlobClient,
  ContainerClient,
  newPipeline,
  type Pipeline,
  RestError,
} from "@azure/storage-blob";

/** Who asks: the URL itself (SAS or public), or an identity by its bearer token. */
export type BlobAccess = { readonly kind: "url" } | { readonly kind: "token"; readonly token: string };

export type BlobFailure = "blob-not-found" | "container-not-found" | "access-denied" | "other";

export class BlobError extends Error {
  constructor(
    readonly failure: BlobFailure,
    message: string,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Blobs {
  /** Downloads one blob (or any http(s) URL that answers like one) to a file. */
  download(blobUrl: string, access: BlobAccess, file: string, abortSignal: AbortSignal): Promise<void>;
  /** Names of the blobs of a container that start with `prefix`. */
  list(containerUrl: string, access: BlobAccess, prefix: string, abortSignal: AbortSignal): Promise<string[]>;
  /** URL of a blob of a container, with the container URL's own SAS. */
  blobUrl(containerUrl: string, blobName: string): string;
  upload(file: string, blobUrl: string, access: BlobAccess, abortSignal: AbortSignal): Promise<void>;
}

/** What the management plane does with containers. */
export interface Containers {
  /** Makes a container; one that is there already is left as it is. */
  createContainer(containerUrl: string, access: BlobAccess): Promise<void>;
  containerExists(containerUrl: string, access: BlobAccess): Promise<boolean>;
  /** Removes a container with all its blobs; none is fine. */
  deleteContainer(containerUrl: string, access: BlobAccess): Promise<void>;
}

/** `ca` is trusted besides the system's: NODE_EXTRA_CA_CERTS is read at process start, before the local cloud has a certificate. */
export function openBlobs(ca: string): Blobs & Containers {
  const agent = new Agent({ ca: [...rootCertificates, ca], keepAlive: true });

  return {
    download: (blobUrl, access, file, abortSignal) =>
      explained(blobUrl, async () => {
        await new BlobClient(blobUrl, pipeline(access, agent)).downloadToFile(file, 0, undefined, {
          abortSignal,
        });
      }),
    list: (containerUrl, access, prefix, abortSignal) =>
      explained(containerUrl, async () => {
        const names: string[] = [];
        const container = new ContainerClient(containerUrl, pipeline(access, agent));
        for await (const blob of container.listBlobsFlat({ prefix, abortSignal })) names.push(blob.name);
        return names;
      }),
    blobUrl: (containerUrl, blobName) => {
      const url = new URL(containerUrl);
      url.pathname = `${url.pathname.replace(/\/$/, "")}/${blobName.split("/").map(encodeURIComponent).join("/")}`;
      return url.href;
    },
    upload: (file, blobUrl, access, abortSignal) =>
      explained(blobUrl, async () => {
        await new BlobClient(blobUrl, pipeline(access, agent)).getBlockBlobClient().uploadFile(file, {
          abortSignal,
        });
      }),
    createContainer: (containerUrl, access) =>
      explained(containerUrl, async () => {
        await new ContainerClient(containerUrl, pipeline(access, agent)).createIfNotExists();
      }),
    containerExists: (containerUrl, access) =>
      explained(containerUrl, () => new ContainerClient(containerUrl, pipeline(access, agent)).exists()),
    deleteContainer: (containerUrl, access) =>
      explained(containerUrl, async () => {
        await new ContainerClient(containerUrl, pipeline(access, agent)).deleteIfExists();
      }),
  };
}

/** A busy storage service is tried for some seconds before a node gives a transfer up. */
const retryOptions = { maxTries: 6, retryDelayInMs: 200, maxRetryDelayInMs: 3000 };

function pipeline(access: BlobAccess, agent: Agent): Pipeline {
  const credential =
    access.kind === "url"
      ? new AnonymousCredential()
      : { getToken: () => Promise.resolve({ token: access.token, expiresOnTimestamp: Date.now() + 60_000 }) };
  const made = newPipeline(credential, { retryOptions });
  made.factories.push({
    create: (next) => ({
      sendRequest: (request) => {
        request.agent = agent;
        return next.sendRequest(request);
      },
    }),
  });
  return made;
}

/** Turns a storage error into one that says what Batch says of it; the URL is named without its SAS. */
async function explained<T>(url: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const plainUrl = url.split("?")[0] ?? url;
    if (!(error instanceof RestError))
      throw new BlobError("other", `${plainUrl}: ${String(error)}`, { cause: error });
    throw new BlobError(failureOf(error), `${plainUrl}: ${error.code ?? error.message}`, { cause: error });
  }
}

function failureOf(error: RestError): BlobFailure {
  if (error.statusCode === 403 || error.statusCode === 401) return "access-denied";
  if (error.code === "ContainerNotFound") return "container-not-found";
  if (error.statusCode === 404) return "blob-not-found";
  return "other";
}
