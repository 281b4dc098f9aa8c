/** What the stack's services must refuse: callers without a name, and keys. */
import { ok, unknown, wrong, type Check, type Finding } from "./check";
import { refusalOf, type Refusal } from "./refusal";

export const refusalChecks: readonly Check[] = [
  {
    id: "anonymous-storage",
    title: "storage refuses a caller without a name",
    anchor: "no-public-access-and-no-keys",
    change:
      "infra/storageAccount.ts declares allowBlobPublicAccess false and containers without public access: run pulumi up, then look for who changed it.",
    needs: ["list-input"],
    look: async ({ probes, signal }) =>
      assessRefusal(
        await refusalOf(() =>
          probes.anonymous.listBlobsFlat({ abortSignal: signal() }).byPage({ maxPageSize: 1 }).next(),
        ),
      ),
  },
  {
    id: "shared-key-storage",
    title: "storage takes no account keys",
    anchor: "no-public-access-and-no-keys",
    change:
      "infra/storageAccount.ts declares allowSharedKeyAccess false: run pulumi up, or az storage account update --allow-shared-key-access false. A team's own account is its owners' affair.",
    needs: ["list-input"],
    look: async ({ probes, signal }) =>
      assessKeyRefusal(
        await refusalOf(() =>
          probes.keyed.listBlobsFlat({ abortSignal: signal() }).byPage({ maxPageSize: 1 }).next(),
        ),
      ),
  },
  {
    id: "anonymous-batch",
    title: "Batch refuses a caller without a name",
    anchor: "no-public-access-and-no-keys",
    change: "Nothing of this program can open the account: check batchEndpoint in the stack's outputs.",
    needs: ["batch-answers"],
    look: async ({ probes, target, batchSignal }) =>
      assessRefusal(
        await refusalOf(() => probes.batchAnonymous.pool.get(target.poolId, { abortSignal: batchSignal() })),
      ),
  },
];

/** Pure. Which of the refusing statuses it is differs between services and their versions. */
export function assessRefusal(refusal: Refusal | null): Finding {
  if (refusal === null) return wrong("it answered");
  const measured = `${refusal.status ?? "no answer"} ${refusal.code ?? "without a code"}`;
  return refusal.status !== null && [401, 403, 404, 409].includes(refusal.status)
    ? ok(measured)
    : unknown(measured);
}

/** Pure. A made-up key is refused everywhere; only this code says that a right one would be too (Blob storage REST: error codes). */
export function assessKeyRefusal(refusal: Refusal | null): Finding {
  if (refusal === null) return wrong("a request signed with a made-up key was answered");
  const measured = `${refusal.status ?? "no answer"} ${refusal.code ?? "without a code"}`;
  if (refusal.code === "KeyBasedAuthenticationNotPermitted") return ok(measured);
  return unknown(
    `${measured}: the made-up key was refused, but not as a key; ask az storage account show --query allowSharedKeyAccess`,
  );
}
