/** The rule for Batch accounts: people and programs come with Entra identities. */
import type { Rule } from "./rule";
import { isA, isObject } from "./subject";

const noSharedKeys: Rule = {
  name: "batch-no-shared-keys",
  enforcement: "mandatory",
  why: "A key of the Batch account runs any command on its nodes, in the name of their identity, and nobody sees who did.",
  fix: "Set allowedAuthenticationModes to [AAD]; an auto-storage account, where there is one, to authenticationMode BatchAccountManagedIdentity.",
  check: (subject) => {
    if (!isA(subject, "batch:BatchAccount")) return [];
    const { allowedAuthenticationModes: modes, autoStorage } = subject.inputs;
    return [
      // Batch ARM: every mode is allowed where none is named.
      ...(!Array.isArray(modes) || modes.includes("SharedKey")
        ? ["The Batch account accepts its keys (allowedAuthenticationModes does not leave out SharedKey)"]
        : []),
      // Batch ARM: StorageKeys is the default.
      ...(isObject(autoStorage) && autoStorage.authenticationMode !== "BatchAccountManagedIdentity"
        ? ["The Batch account reaches its auto-storage with a key (autoStorage.authenticationMode)"]
        : []),
    ];
  },
};

export const batchAccountRules: readonly Rule[] = [noSharedKeys];
