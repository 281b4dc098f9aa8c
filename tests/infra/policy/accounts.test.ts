import { judged } from "./judged";

describe("a Batch account", () => {
  const rule = (inputs: object) => judged("batch-no-shared-keys", "batch:BatchAccount", { ...inputs });

  it("takes Entra identities only", () => {
    expect(rule({ allowedAuthenticationModes: ["AAD"] })).toEqual([]);
    expect(rule({ allowedAuthenticationModes: ["AAD", "SharedKey"] })).toHaveLength(1);
    expect(rule({})).toHaveLength(1);
  });

  it("reaches its auto-storage by an identity", () => {
    const allowedAuthenticationModes = ["AAD"];
    const authenticationMode = "BatchAccountManagedIdentity";

    expect(rule({ allowedAuthenticationModes, autoStorage: { authenticationMode } })).toEqual([]);
    expect(rule({ allowedAuthenticationModes, autoStorage: { storageAccountId: "/x" } })).toEqual([
      "The Batch account reaches its auto-storage with a key (autoStorage.authenticationMode)",
    ]);
  });
});

describe("tags", () => {
  const all = { "managed-by": "pulumi", "pulumi-project": "p", "pulumi-stack": "s" };

  it("are asked of what carries them", () => {
    for (const type of [
      "resources:ResourceGroup",
      "storage:StorageAccount",
      "batch:BatchAccount",
      "batch:Pool",
      "managedidentity:UserAssignedIdentity",
    ]) {
      expect(judged("tags-required", type, { tags: { ...all, owner: "us" } })).toEqual([]);
      expect(judged("tags-required", type, {})).toHaveLength(1);
    }
  });

  it("are named when they are missing or empty", () => {
    expect(
      judged("tags-required", "batch:Pool", { tags: { ...all, "pulumi-stack": "", "managed-by": 1 } }),
    ).toEqual(["Tags are missing: managed-by, pulumi-stack"]);
  });

  it("are not asked of what has none", () => {
    expect(judged("tags-required", "storage:BlobContainer", {})).toEqual([]);
  });
});
