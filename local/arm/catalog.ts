/** Every resource type the local cloud has; others are refused by name. */
import { batchAccount } from "./batchAccount";
import { blobContainer } from "./blobContainer";
import { notImplemented } from "./failure";
import { managementPolicy } from "./managementPolicy";
import { pool } from "./pool";
import { resourceGroup } from "./resourceGroup";
import type { ResourceType } from "./resourceType";
import { roleAssignment } from "./roleAssignment";
import { storageAccount } from "./storageAccount";
import { userAssignedIdentity } from "./userAssignedIdentity";

const resourceTypes = new Map(
  [
    resourceGroup,
    storageAccount,
    blobContainer,
    managementPolicy,
    userAssignedIdentity,
    roleAssignment,
    batchAccount,
    pool,
  ].map((type) => [type.token, type]),
);

/** By Pulumi's type token. Throws NotImplemented. */
export function typeOf(token: string): ResourceType {
  const type = resourceTypes.get(token);
  if (type === undefined) throw notImplemented(`resource type ${token}`);
  return type;
}
