/** Blob storage in memory: containers with blobs, and who may read and write them. */
import { readFile, writeFile } from "node:fs/promises";
import { type BlobAccess, BlobError, type Blobs } from "../../../local/blobs";

const origin = "https://blobs.example";

export class MemoryBlobs implements Blobs {
  private readonly containers = new Map<string, Map<string, Buffer>>();
  /** Containers that want a token. */
  private readonly guarded = new Set<string>();

  container(name: string, blobs: Readonly<Record<string, string>> = {}, guarded = false): string {
    this.containers.set(name, new Map(Object.entries(blobs).map(([key, text]) => [key, Buffer.from(text)])));
    if (guarded) this.guarded.add(name);
    return `${origin}/${name}`;
  }

  text(container: string, name: string): string | undefined {
    return this.containers.get(container)?.get(name)?.toString();
  }

  names(container: string): string[] {
    return [...(this.containers.get(container)?.keys() ?? [])].sort();
  }

  async download(url: string, access: BlobAccess, file: string): Promise<void> {
    const { blobs, name } = this.open(url, access);
    const content = blobs.get(name);
    if (content === undefined) throw new BlobError("blob-not-found", `${url}: BlobNotFound`, {});
    await writeFile(file, content);
  }

  list(url: string, access: BlobAccess, prefix: string): Promise<string[]> {
    const { blobs } = this.open(url, access);
    return Promise.resolve([...blobs.keys()].filter((name) => name.startsWith(prefix)));
  }

  blobUrl(containerUrl: string, blobName: string): string {
    const url = new URL(containerUrl);
    url.pathname += `/${blobName}`;
    return url.href;
  }

  async upload(file: string, url: string, access: BlobAccess): Promise<void> {
    const { blobs, name } = this.open(url, access);
    blobs.set(name, await readFile(file));
  }

  createContainer(url: string): Promise<void> {
    this.container(new URL(url).pathname.slice(1));
    return Promise.resolve();
  }

  private open(url: string, access: BlobAccess): { blobs: Map<string, Buffer>; name: string } {
    const [, container = "", ...name] = new URL(url).pathname.split("/");
    const blobs = this.containers.get(container);
    if (blobs === undefined) throw new BlobError("container-not-found", `${url}: ContainerNotFound`, {});
    if (this.guarded.has(container) && access.kind !== "token")
      throw new BlobError("access-denied", `${url}: AuthorizationFailure`, {});
    return { blobs, name: decodeURIComponent(name.join("/")) };
  }
}
