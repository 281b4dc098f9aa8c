/** Containers as a source of images and the place of results: the worker's only door to Azure. The pool's identity, never a key. */
import { ManagedIdentityCredential } from "@azure/identity";
import { ContainerClient, RestError } from "@azure/storage-blob";
import type { Manifest, ManifestHeader, ManifestImage } from "../contract/manifest";
import { ImageError } from "../failure";
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
const options = {
  retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 8000, tryTimeoutInMs: 60_000 },
};

export function openContainers({ input, output, identityClientId }: ManifestHeader): {
  readonly input: ContainerClient;
  readonly output: OutputContainer;
} {
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
    read: async (image) => {
      try {
        return await container
          .getBlobClient(image.name)
          .downloadToBuffer(0, undefined, { conditions: { ifMatch: quoted(image.etag ?? "*") } });
      } catch (error) {
        throw readFailure(error, image.name);
      }
    },
  };
}

export function outputContainer(container: ContainerClient): OutputContainer {
  return {
    write: async (name, content, blobContentType) => {
      const body = typeof content === "string" ? Buffer.from(content) : content;
      await container.getBlockBlobClient(name).uploadData(body, { blobHTTPHeaders: { blobContentType } });
    },
    read: async (name) => (await container.getBlobClient(name).downloadToBuffer()).toString("utf8"),
    list: async (prefix) => {
      const names: string[] = [];
      for await (const blob of container.listBlobsFlat({ prefix })) names.push(blob.name);
      return names;
    },
    delete: async (name) => {
      await container.getBlobClient(name).deleteIfExists();
    },
  };
}

/** A blob that is gone or changed is a failed image; anything else is a failed machine, and the task with it. */
function readFailure(error: unknown, name: ManifestImage["name"]): unknown {
  if (!(error instanceof RestError)) return error;
  if (error.statusCode === 404)
    return new ImageError("read", "missing", "The blob was deleted after the run was planned.", {
      cause: error,
    });
  if (error.statusCode === 412)
    return new ImageError("read", "changed", "The blob was changed after the run was planned.", {
      cause: error,
    });
  return new Error(
    `Cannot read ${name} from the input container: ${error.code ?? error.message} (HTTP ${String(error.statusCode)}).`,
    {
      cause: error,
    },
  );
}

/** Listings give etags without quotes, conditions want them (RFC 9110: an entity tag is quoted). */
function quoted(etag: string): string {
  return etag === "*" || etag.startsWith('"') ? etag : `"${etag}"`;
}
