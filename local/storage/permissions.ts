/**
 * What permission a request to the blob service needs (Azure Storage REST: "Permissions for calling data operations", and the
 * Authorization section of each operation). An operation that is not in this table is not let through.
 */
import type { Permission } from "../access";
import type { Resource } from "./address";
import { notImplemented } from "./refusals";

const services = "Microsoft.Storage/storageAccounts/blobServices";
const action = (name: string): Permission => ({ kind: "action", name: `${services}${name}` });
const dataAction = (name: string): Permission => ({ kind: "dataAction", name: `${services}${name}` });

const blobs = {
  read: dataAction("/containers/blobs/read"),
  write: dataAction("/containers/blobs/write"),
  delete: dataAction("/containers/blobs/delete"),
  readTags: dataAction("/containers/blobs/tags/read"),
  writeTags: dataAction("/containers/blobs/tags/write"),
};
const containers = {
  read: action("/containers/read"),
  write: action("/containers/write"),
  delete: action("/containers/delete"),
  getAcl: action("/containers/getAcl/action"),
  setAcl: action("/containers/setAcl/action"),
};
const service = {
  read: action("/read"),
  write: action("/write"),
  delegate: action("/generateUserDelegationKey/action"),
};

/** Reading a copy's source in the same account. */
export const readBlobs = blobs.read;

/** By "METHOD comp"; `restype` is given by the kind of resource. */
const tables: Readonly<Record<Resource["kind"], Readonly<Record<string, Permission>>>> = {
  service: {
    "GET list": containers.read,
    "GET properties": service.read,
    "PUT properties": service.write,
    "GET stats": service.read,
    "POST userdelegationkey": service.delegate,
  },
  container: {
    "GET ": containers.read,
    "HEAD ": containers.read,
    "GET metadata": containers.read,
    "HEAD metadata": containers.read,
    "GET list": blobs.read,
    "GET acl": containers.getAcl,
    "HEAD acl": containers.getAcl,
    "PUT ": containers.write,
    "PUT metadata": containers.write,
    "PUT lease": containers.write,
    "PUT acl": containers.setAcl,
    "DELETE ": containers.delete,
  },
  blob: {
    "GET ": blobs.read,
    "HEAD ": blobs.read,
    "GET metadata": blobs.read,
    "HEAD metadata": blobs.read,
    "GET blocklist": blobs.read,
    "GET pagelist": blobs.read,
    "GET tags": blobs.readTags,
    "PUT ": blobs.write,
    "PUT block": blobs.write,
    "PUT blocklist": blobs.write,
    "PUT appendblock": blobs.write,
    "PUT page": blobs.write,
    "PUT metadata": blobs.write,
    "PUT properties": blobs.write,
    "PUT lease": blobs.write,
    "PUT snapshot": blobs.write,
    "PUT copy": blobs.write,
    "PUT tier": blobs.write,
    "PUT undelete": blobs.write,
    "PUT tags": blobs.writeTags,
    "DELETE ": blobs.delete,
  },
};

/** Throws NotImplemented with the operation's method and parameters. */
export function permissionFor(method: string, { kind }: Resource, query: URLSearchParams): Permission {
  const [restype, comp] = ["restype", "comp"].map((name) => query.get(name) ?? "");
  const table = tables[kind];
  const key = `${method} ${comp ?? ""}`;
  const expected = expectedRestype(kind, comp);
  if (restype !== expected || !Object.hasOwn(table, key))
    throw notImplemented(
      `${method} of a ${kind} with restype '${restype ?? ""}' and comp '${comp ?? ""}' in blob storage`,
    );
  return table[key]!;
}

/** Listing containers goes without; a container's name without it would be a blob's in the container `$root`. */
function expectedRestype(kind: Resource["kind"], comp: string | undefined): string {
  if (kind === "blob" || (kind === "service" && comp === "list")) return "";
  return kind;
}
