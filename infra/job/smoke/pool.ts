/** The pool as Batch reports it: state, size, image, identity. */
import type { BatchServiceModels } from "@azure/batch";
import { poolView, type PoolView } from "../batchViews";
import { ok, unknown, wrong, type Check, type Finding } from "./check";
import { refusalOf } from "./refusal";

type Pool = BatchServiceModels.CloudPool;
type Image = BatchServiceModels.ImageInformation;

export const poolChecks: readonly Check[] = [
  {
    id: "pool",
    title: "the pool is there",
    anchor: "pool-through-arm",
    change:
      "Run pulumi up and, where the target is a file, write it anew: pulumi stack output --json > FILE.",
    needs: ["batch-answers"],
    look: async (cloud) => {
      let pool: Pool | undefined;
      const refusal = await refusalOf(async () => (pool = await cloud.pool()));
      if (refusal?.status === 404)
        return wrong(`there is no pool ${cloud.target.poolId} (${refusal.code ?? "404"})`);
      pool ??= await cloud.pool();
      return assessPool(poolView(pool), pool.networkConfiguration);
    },
  },
  {
    id: "pool-resize",
    title: "the pool gets the nodes it wants",
    anchor: "vm-size-and-its-quota",
    change:
      "Quota reached: ask for more cores of this family, or set a smaller vmSize, poolNodes or maxNodes. Allocation failed: another vmSize or " +
      "region. Then pulumi up: a pool of fixed size does not try again. A formula's error: infra/autoscale.ts.",
    needs: ["pool"],
    look: async (cloud) => assessResize(poolView(await cloud.pool())),
  },
  {
    id: "pool-machine",
    title: "the pool has its size and task slots, and spreads tasks over nodes",
    anchor: "vm-size-and-its-quota",
    change: "infra/vmSize.ts tells the vCPUs by the size's name: correct it there, or set another vmSize.",
    needs: ["pool"],
    look: async (cloud) => {
      const { vmSize, taskSlotsPerNode, taskSchedulingPolicy } = await cloud.pool();
      const fill = taskSchedulingPolicy?.nodeFillType ?? "unknown fill";
      const measured = `${vmSize ?? "no size"}, ${taskSlotsPerNode ?? "no"} task slots, ${fill}`;
      return fill.toLowerCase() === "spread" ? ok(measured) : wrong(measured);
    },
  },
  {
    id: "pool-image",
    title: "Batch still supports the node image with its agent",
    anchor: "image-and-node-agent",
    change:
      "Take another image and agent from az batch pool supported-images list in infra/pool.ts (unchangeableOf); pulumi up then makes a new pool.",
    needs: ["pool"],
    look: async (cloud) => {
      const pool = await cloud.pool();
      const images: Image[] = [];
      const { account } = cloud.probes.batch;
      let page = await account.listSupportedImages({ abortSignal: cloud.batchSignal() });
      for (;;) {
        images.push(...page);
        if (!page.odatanextLink) break;
        page = await account.listSupportedImagesNext(page.odatanextLink, {
          abortSignal: cloud.batchSignal(),
        });
      }
      return assessImage(pool, images, Date.now());
    },
  },
  {
    id: "pool-identity",
    title: "the pool has the stack's identity",
    anchor: "identity-of-the-pool",
    change:
      "infra/pool.ts declares it (identity.userAssignedIdentities). A pool that was made without keeps its old nodes: pulumi up, then scale to 0 and back.",
    needs: ["pool"],
    look: async (cloud) => assessIdentity(await cloud.pool(), cloud.target),
  },
];

/** Pure. */
export function assessPool(
  { state }: PoolView,
  network: BatchServiceModels.NetworkConfiguration = {},
): Finding {
  const where = [
    ...(network.subnetId === undefined ? [] : [`subnet ${network.subnetId.split("/").at(-1) ?? ""}`]),
    ...(/^nopublic/i.test(network.publicIPAddressConfiguration?.provision ?? "")
      ? ["no public addresses"]
      : []),
  ];
  return state === "active" ? ok([state, ...where].join(", ")) : wrong(state === "" ? "in no state" : state);
}

/** Pure. */
export function assessResize(pool: PoolView): Finding {
  const scaling = pool.autoscale === null ? "" : ", autoscale";
  const measured = `${pool.allocationState}, ${pool.currentNodes} of ${pool.targetNodes} nodes${scaling}`;
  const errors = [...pool.resizeErrors, ...(pool.autoscale?.error ? [pool.autoscale.error] : [])];
  return errors.length === 0 ? ok(measured) : wrong(`${measured}; ${errors.join("; ")}`);
}

const soonMs = 90 * 24 * 60 * 60_000;

/** Pure: whether publisher, offer, sku and agent are in Batch's list, and for how long still. */
export function assessImage(pool: Pool, images: readonly Image[], nowMs: number): Finding {
  const { imageReference: wanted, nodeAgentSKUId: agent } = pool.virtualMachineConfiguration ?? {};
  if (wanted === undefined || agent === undefined) return unknown("Batch does not report the pool's image");
  const same = (a: string | undefined, b: string | undefined): boolean =>
    a?.toLowerCase() === b?.toLowerCase();
  const name = `${wanted.publisher ?? ""} ${wanted.offer ?? ""} ${wanted.sku ?? ""} with ${agent}`;
  const found = images.find(
    ({ imageReference: image, nodeAgentSKUId }) =>
      same(image.publisher, wanted.publisher) &&
      same(image.offer, wanted.offer) &&
      same(image.sku, wanted.sku) &&
      same(nodeAgentSKUId, agent),
  );
  if (found === undefined)
    return wrong(`${name} is not among the ${images.length} images that Batch supports`);
  const endMs = found.batchSupportEndOfLife ? new Date(found.batchSupportEndOfLife).getTime() : Infinity;
  const until =
    endMs === Infinity ? "no end announced" : `until ${new Date(endMs).toISOString().slice(0, 10)}`;
  const measured = `${name}: ${found.verificationType.toLowerCase()}, ${until}`;
  if (found.verificationType.toLowerCase() !== "verified") return wrong(measured);
  return endMs < nowMs + soonMs ? wrong(measured) : ok(measured);
}

/** Pure. ARM ids are compared without regard to case: services return them in another than they were given. */
export function assessIdentity(
  pool: Pool,
  wanted: { readonly identityResourceId: string; readonly identityClientId: string },
): Finding {
  const has = pool.identity?.userAssignedIdentities ?? [];
  const name = (id: string): string => id.split("/").at(-1) ?? id;
  const mine = has.find(
    ({ resourceId }) => resourceId.toLowerCase() === wanted.identityResourceId.toLowerCase(),
  );
  if (mine === undefined)
    return wrong(
      has.length === 0
        ? "it has no identity"
        : `it has ${has.map((each) => name(each.resourceId)).join(", ")}`,
    );
  if (mine.clientId !== undefined && mine.clientId !== wanted.identityClientId)
    return wrong(
      `${name(mine.resourceId)} has the client id ${mine.clientId}, the outputs say ${wanted.identityClientId}`,
    );
  const exact = mine.resourceId === wanted.identityResourceId ? "" : " (in other letters than declared)";
  return ok(
    `${name(mine.resourceId)}${exact}${mine.clientId === undefined ? "" : ", with the client id of the outputs"}`,
  );
}
