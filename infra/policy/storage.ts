/** Rules for storage: no keys, nothing public, no old TLS, and results that do not stay for ever. */
import type { Rule, Subject } from "./rule";
import { isA, isObject, valueAt } from "./subject";

const account = "storage:StorageAccount";
const lifecycle = "storage:ManagementPolicy";

const noSharedKeys: Rule = {
  name: "storage-no-shared-keys",
  enforcement: "mandatory",
  why: "An account key opens everything in the account, to whoever has it and until it is rotated.",
  fix: "Set allowSharedKeyAccess to false; give roles to people and nodes.",
  // Storage REST: keys are accepted where the property is missing.
  check: (subject) =>
    isA(subject, account) && subject.inputs.allowSharedKeyAccess !== false
      ? ["The storage account accepts its keys (allowSharedKeyAccess is not false)"]
      : [],
};

const noPublicBlobs: Rule = {
  name: "storage-no-public-blobs",
  enforcement: "mandatory",
  why: "Whoever has the address can read a public blob, and nobody sees who did.",
  fix: "Set allowBlobPublicAccess to false on the account and publicAccess to None on its containers.",
  check: (subject) => {
    const { allowBlobPublicAccess, publicAccess = "None" } = subject.inputs;
    // Storage REST: API versions before 2023 take a missing property for true.
    if (isA(subject, account) && allowBlobPublicAccess !== false)
      return ["The storage account lets containers be public (allowBlobPublicAccess is not false)"];
    return isA(subject, "storage:BlobContainer") && publicAccess !== "None"
      ? [`Anybody may read the container without signing in (publicAccess is ${String(publicAccess)})`]
      : [];
  },
};

const tls: Rule = {
  name: "storage-tls",
  enforcement: "mandatory",
  why: "Older TLS can be read on the way, and plain HTTP by everybody.",
  fix: "Set minimumTlsVersion to TLS1_2 and leave enableHttpsTrafficOnly at true.",
  check: (subject) => {
    if (!isA(subject, account)) return [];
    const { minimumTlsVersion: version, enableHttpsTrafficOnly } = subject.inputs;
    return [
      ...(version === "TLS1_2" || version === "TLS1_3"
        ? []
        : [
            `The storage account accepts TLS before 1.2 (minimumTlsVersion is ${typeof version === "string" ? version : "not set"})`,
          ]),
      ...(enableHttpsTrafficOnly === false ? ["The storage account accepts plain HTTP"] : []),
    ];
  },
};

const runsAreDeleted: Rule = {
  name: "storage-runs-are-deleted",
  enforcement: "mandatory",
  why: "Every night's run leaves its results, so that the storage and its bill grow for ever.",
  fix: "Declare a ManagementPolicy with an enabled rule that deletes blobs by their age (here: setting retainRunsDays).",
  wholeStack: true,
  check: (subject, _today, stack) => {
    if (!isA(subject, account)) return [];
    const policies = stack.filter((other) => isA(other, lifecycle));
    return policies.some(deletesByAge)
      ? []
      : ["Nothing in the stack deletes old runs from the storage account"];
  },
};

/** What a preview does not know yet is not held against it. */
function deletesByAge({ inputs }: Subject): boolean {
  const rules = valueAt(inputs, "policy.rules");
  if (!Array.isArray(rules)) return true;
  return rules.some((rule: unknown) => {
    const ages = valueAt(rule, "definition.actions.baseBlob.delete");
    return valueAt(rule, "enabled") !== false && isObject(ages) && Object.keys(ages).length > 0;
  });
}

export const storageRules: readonly Rule[] = [noSharedKeys, noPublicBlobs, tls, runsAreDeleted];
