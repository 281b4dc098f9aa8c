/** What a request to the blob service is about, read from its URL in one way only: what could be read in two is refused. */
import { isIP } from "node:net";
import { invalidUri } from "./refusals";

export type Resource =
  | { readonly kind: "service" }
  | { readonly kind: "container"; readonly container: string }
  | { readonly kind: "blob"; readonly container: string };

export interface Address {
  readonly resource: Resource;
  readonly query: URLSearchParams;
}

/** Blob names may hold anything; what decides who may do something may not. Also `$root`, `$web`, `$logs`. */
const containerName = /^(?:[a-z0-9](?:-?[a-z0-9])*|\$[a-z]+)$/;
const parameterName = /^[A-Za-z0-9-]+$/;

/**
 * `url` is a path and query as received, in the path style (`/account/container/blob`). Throws InvalidUri: nothing is decoded
 * or normalized here, so that whoever reads the same bytes behind this finds the same container.
 */
export function addressOf(url: string, accountName: string): Address {
  const [path, search = ""] = splitOnce(url, "?");
  const [root, account, container = "", ...blob] = path.split("/");
  if (root !== "" || account !== accountName) throw invalidUri();
  const query = new URLSearchParams(search);
  const names = [...query.keys()];
  if (names.some((name) => !parameterName.test(name))) throw invalidUri();
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) throw invalidUri();
  if (container === "") {
    if (blob.length > 0) throw invalidUri();
    return { resource: { kind: "service" }, query };
  }
  if (!containerName.test(container)) throw invalidUri();
  const isBlob = blob.join("/") !== "";
  return { resource: { kind: isBlob ? "blob" : "container", container }, query };
}

/**
 * The container that a copy's source (`x-ms-copy-source`) would be read from, when that is in this account. Azurite reads the account
 * from the path; from the host too, were that a name with dots, so that such a source is refused.
 */
export function sourceContainer(copySource: string, accountName: string): string | undefined {
  if (!URL.canParse(copySource)) throw invalidUri();
  const { hostname } = new URL(copySource);
  if (isIP(hostname) === 0 && hostname.includes(".")) throw invalidUri();
  const [, account, container = ""] = decodedPath(copySource).split("/");
  return account?.replace(/-secondary$/, "") === accountName ? container : undefined;
}

function decodedPath(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    throw invalidUri();
  }
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
