import type { Subject } from "../../../infra/policy/rule";
import { judged } from "./judged";

const account = "storage:StorageAccount";

describe("a storage account", () => {
  it.each([
    ["storage-no-shared-keys", { allowSharedKeyAccess: false }, { allowSharedKeyAccess: true }],
    ["storage-no-shared-keys", { allowSharedKeyAccess: false }, {}],
    ["storage-no-public-blobs", { allowBlobPublicAccess: false }, { allowBlobPublicAccess: true }],
    ["storage-no-public-blobs", { allowBlobPublicAccess: false }, {}],
    ["storage-tls", { minimumTlsVersion: "TLS1_2" }, { minimumTlsVersion: "TLS1_1" }],
    ["storage-tls", { minimumTlsVersion: "TLS1_3" }, {}],
    [
      "storage-tls",
      { minimumTlsVersion: "TLS1_2" },
      { minimumTlsVersion: "TLS1_2", enableHttpsTrafficOnly: false },
    ],
  ])("passes %s with %j and not with %j", (rule, good, bad) => {
    expect(judged(rule, account, good)).toEqual([]);
    expect(judged(rule, account, bad)).toHaveLength(1);
  });

  it("says what is wrong with it", () => {
    expect(judged("storage-tls", account, { minimumTlsVersion: "TLS1_0" })).toEqual([
      "The storage account accepts TLS before 1.2 (minimumTlsVersion is TLS1_0)",
    ]);
  });

  it("is judged under a dated API version too", () => {
    expect(judged("storage-no-shared-keys", "storage/v20240101:StorageAccount", {})).toHaveLength(1);
  });
});

describe("a container", () => {
  it("may be private, and neither its blobs nor its list public", () => {
    const container = (inputs: object) =>
      judged("storage-no-public-blobs", "storage:BlobContainer", { ...inputs });

    expect(container({ publicAccess: "None" })).toEqual([]);
    expect(container({})).toEqual([]);
    expect(container({ publicAccess: "Blob" })).toEqual([expect.stringContaining("publicAccess is Blob")]);
    expect(container({ publicAccess: "Container" })).toHaveLength(1);
  });
});

describe("the runs of a stack with a storage account", () => {
  const lifecycle = (inputs: object): Subject => ({
    type: "azure-native:storage:ManagementPolicy",
    name: "lifecycle",
    inputs: { ...inputs },
  });
  const rule = (enabled: boolean, baseBlob: object) => ({ enabled, definition: { actions: { baseBlob } } });
  const byAge = { delete: { daysAfterModificationGreaterThan: 90 } };
  const stays = (...others: Subject[]) => judged("storage-runs-are-deleted", account, {}, { others });

  it("are deleted by an enabled rule, one among others", () => {
    const rules = [rule(true, { tierToCool: {} }), rule(true, byAge)];

    expect(stays(lifecycle({ policy: { rules } }))).toEqual([]);
  });

  it.each([
    ["there is no rule", []],
    ["the rule is off", [lifecycle({ policy: { rules: [rule(false, byAge)] } })]],
    ["the rule deletes nothing", [lifecycle({ policy: { rules: [rule(true, { tierToCool: {} })] } })]],
  ])("stay for ever when %s", (_why, others) => {
    expect(stays(...others)).toEqual(["Nothing in the stack deletes old runs from the storage account"]);
  });

  it("are not complained about while a preview does not know the rule", () => {
    expect(stays(lifecycle({}))).toEqual([]);
  });
});
