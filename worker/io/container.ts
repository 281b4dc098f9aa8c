/** Containers as a source of images and the place of results: the worker's only door to Azure. The pool's identity, never a key. */
import { buffer } from "node:stream/consumers";
import { ManagedIdentityCredential } from "@azure/identity";
import { ContainerClient, RestError } from "@azure/storage-blob";
import type { Manifest, ManifestHeader } from "../contract/manifest";
import { ImageError, messageOf } from "../failure";
import type { ImageSource } from "../run";

/** What the task needs of the output container. */
export interface OutputContainer {
  /** Overwrites. */
  write(name: string, content: string | Uint8Array, contentType: string): Promise<void>;
  read(name: string): Promise<string>;
  list(prefix: string): Promise<string[]>;
  delete(name: string): Promise<void>;
}

/** 5 tries in about 15 s; after that the machine, not the image, has a problem, and the task fails. */
const options = { retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 8000 } };

/** For one blob with all its tries; the SDK itself would wait for ever on a connection that has gone silent. */
const deadlineMs = 300_000;

export interface Containers {
  readonly input: ContainerClient;
  readonly output: OutputContainer;
}

export function openContainers({ input, output, identityClientId }: ManifestHeader): Containers {
  const credential = new ManagedIdentityCredential({ clientId: identityClientId });
  return {
    input: new ContainerClient(input.containerUrl, credential, options),
    output: outputContainer(new ContainerClient(output.containerUrl, credential, options)),
  };
}

/** The images that a manifest still has to do; each is read only as it was when it was planned (If-Match). */
export function openContainerSource(container: ContainerClient, images: Manifest["images"]): ImageSource {
  return {
    images,
    read: async ({ name, etag }) => {
      const conditions = etag === null ? {} : { ifMatch: quoted(etag) };
      try {
        return await download(container, name, conditions);
      } catch (error) {
        throw (
          (await imageFailureOf(error, container, name)) ?? refused(`read ${name} from`, container, error)
        );
      }
    },
  };
}

export function outputContainer(container: ContainerClient): OutputContainer {
  const orRefused = async <T>(what: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(AbortSignal.timeout(deadlineMs));
    } catch (error) {
      throw refused(what, container, error);
    }
  };
  return {
    write: (name, content, blobContentType) =>
      orRefused(`write ${name} to`, async (abortSignal) => {
        const body = typeof content === "string" ? Buffer.from(content) : content;
        const blobHTTPHeaders = { blobContentType };
        await container.getBlockBlobClient(name).uploadData(body, { blobHTTPHeaders, abortSignal });
      }),
    read: (name) =>
      orRefused(`read ${name} from`, async () => (await download(container, name, {})).toString("utf8")),
    list: (prefix) =>
      orRefused(`list ${prefix} in`, async (abortSignal) => {
        const names: string[] = [];
        for await (const blob of container.listBlobsFlat({ prefix, abortSignal })) names.push(blob.name);
        return names;
      }),
    delete: (name) =>
      orRefused(`delete ${name} in`, async (abortSignal) => {
        await container.getBlobClient(name).deleteIfExists({ abortSignal });
      }),
  };
}

/** One plain GET; where its connection breaks, the SDK goes on behind the last byte of the same version. */
async function download(
  container: ContainerClient,
  name: string,
  conditions: { readonly ifMatch?: string },
): Promise<Buffer> {
  const abortSignal = AbortSignal.timeout(deadlineMs);
  const response = await container
    .getBlobClient(name)
    .download(0, undefined, { conditions, abortSignal, maxRetryRequests: 5 });
  return response.readableStreamBody === undefined ? Buffer.alloc(0) : buffer(response.readableStreamBody);
}

/** A blob that is gone, changed or archived is a failed image; undefined for anything else, which is a failed machine. */
async function imageFailureOf(
  cause: unknown,
  container: ContainerClient,
  name: string,
): Promise<ImageError | undefined> {
  if (!(cause instanceof RestError)) return undefined;
  const failure = (code: string, message: string): ImageError =>
    new ImageError("read", code, message, { cause });
  const missing = (): ImageError => failure("missing", "The blob was deleted after the run was planned.");
  // Error codes: Blob storage REST reference.
  switch (cause.code) {
    case "BlobNotFound":
      return missing();
    case "ConditionNotMet": {
      // Also the answer for a blob that is gone: it has no etag that could match.
      const abortSignal = AbortSignal.timeout(deadlineMs);
      const exists = await container
        .getBlobClient(name)
        .exists({ abortSignal })
        .catch(() => true);
      return exists ? failure("changed", "The blob was changed after the run was planned.") : missing();
    }
    case "BlobArchived":
      return failure("archived", "The blob is in the archive tier: rehydrate it to Hot or Cool first.");
    default:
      return undefined;
  }
}

/** A sentence that names the blob and the container; the task fails with it. */
function refused(what: string, { containerName }: ContainerClient, cause: unknown): Error {
  return new Error(`Cannot ${what} container ${containerName}: ${reasonOf(cause)}.`, { cause });
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Error && cause.name === "AbortError") return `no answer within ${deadlineMs / 1000} s`;
  if (!(cause instanceof RestError) || cause.statusCode === undefined) return messageOf(cause);
  return `${cause.code ?? messageOf(cause)} (HTTP ${cause.statusCode})`;
}

/** Listings give etags without quotes, conditions want them (RFC 9110: an entity tag is quoted). */
function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}
