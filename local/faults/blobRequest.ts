/** A request to blob storage as far as faults look at it. */

export interface BlobRequest {
  readonly method: string;
  /** `container/name`; undefined where it is about a container or the account. */
  readonly blob: string | undefined;
  /** The operation, where it is not the plain one: `block`, `metadata`. */
  readonly comp: string;
}

/** `url` is a path and query in the path style: `/account/container/name?comp=block`. */
export function blobRequestOf(method = "", url = ""): BlobRequest {
  const [path = "", search = ""] = url.split("?", 2);
  const [, , container, ...name] = path.split("/");
  const blob = name.length === 0 ? undefined : decoded([container, ...name].join("/"));
  return { method, blob, comp: new URLSearchParams(search).get("comp") ?? "" };
}

/** Whether it brings content: a whole blob, a block or a page, or the list that makes blocks a blob. */
export function isUpload({ method, comp }: BlobRequest): boolean {
  return method === "PUT" && ["", "block", "blocklist", "appendblock", "page"].includes(comp);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
