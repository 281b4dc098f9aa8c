/** Health of pool and nodes: whether tasks will get a node, and if not, why, in the node's own words. */
import type { Batch } from "./batch";
import type { NodeView, PoolView } from "./batchViews";
import { lastLine } from "./lastLine";

export type NodesVerdict =
  /** Some node works or is on its way. */
  | { readonly kind: "hopeful" }
  /** These nodes could not get the files of their start task, for a reason that passes; a reboot runs it again. */
  | { readonly kind: "reboot"; readonly nodes: readonly NodeView[] }
  | { readonly kind: "start-tasks-failed"; readonly node: NodeView }
  | { readonly kind: "hopeless"; readonly message: string };

/** Pure: what pool and nodes, as they stand, mean for a run. */
export function assessNodes(poolId: string, pool: PoolView | null, nodes: readonly NodeView[]): NodesVerdict {
  if (pool === null || pool.state === "deleting")
    return hopeless(
      `Pool ${poolId} ${pool === null ? "does not exist" : "is being deleted"}. Deploy the stack: pulumi up`,
    );
  if (nodes.length === 0) return assessEmpty(pool);

  const unlucky = nodes.filter((node) => passing.has(node.startTaskFailure?.code ?? ""));
  if (unlucky.length > 0) return { kind: "reboot", nodes: unlucky };
  const broken = nodes.filter((node) => node.state === "starttaskfailed");
  if (broken.length === nodes.length) return { kind: "start-tasks-failed", node: broken[0]! };
  const unusable = nodes.filter((node) => node.state === "unusable" && node.errors.length > 0);
  if (unusable.length > 0 && broken.length + unusable.length === nodes.length)
    return hopeless(`No node of pool ${pool.id} is usable: ${unusable[0]!.errors.join("; ")}.`);
  return { kind: "hopeful" };
}

/** A role that had not arrived, and the service's own bad moments (Batch REST, TaskFailureInformation: category ServerError). */
const passing = new Set(["BlobAccessDenied", "BlobDownloadMiscError", "BlobDownloadTimedOut"]);

function assessEmpty(pool: PoolView): NodesVerdict {
  if (pool.autoscale?.error)
    return hopeless(
      `Pool ${pool.id} has no nodes, and its autoscale formula failed: ${pool.autoscale.error}`,
    );
  if (pool.allocationState !== "steady") return { kind: "hopeful" };
  if (pool.resizeErrors.length > 0 && pool.autoscale === null)
    return hopeless(
      `Pool ${pool.id} has no nodes: ${pool.resizeErrors.map((error) => `${error} ${cureOf(error)}`.trimEnd()).join(" ")} ` +
        "A pool of fixed size does not try again by itself: then run pulumi up.",
    );
  if (pool.autoscale === null && pool.targetNodes === 0)
    return hopeless(
      `Pool ${pool.id} is meant to have no nodes. Set poolNodes, or scaling to auto, and run pulumi up.`,
    );
  return { kind: "hopeful" };
}

/** What to do about a resize error (Batch REST, ResizeError codes); empty where nobody can tell. */
export function cureOf(error: string): string {
  if (/^Account\w*QuotaReached/.test(error))
    return "Ask for more quota of the Batch account, or set a smaller vmSize, poolNodes or maxNodes.";
  if (/^Allocation(Failed|TimedOut)/i.test(error))
    return "Azure had no such machines: set another vmSize or region.";
  return "";
}

/** A node is rebooted at most once in this time, and no more after the second: roles arrive within 10 minutes. */
const rebootPauseMs = 30_000;
const rebootsEndAfterMs = 15 * 60_000;

/** Remembers the reboots of one wait. */
export interface Reboots {
  readonly lastMs: Map<string, number>;
  firstMs: number | null;
}

export const noReboots = (): Reboots => ({ lastMs: new Map(), firstMs: null });

/** Looks once at pool and nodes: reboots what a reboot helps, throws the node's own words when nothing will run. */
export async function lookAtNodes(
  poolId: string,
  batch: Batch,
  note: (line: string) => void,
  reboots: Reboots = noReboots(),
): Promise<{ pool: PoolView; nodes: NodeView[] }> {
  const pool = await batch.getPool(poolId);
  const nodes = pool === null ? [] : await batch.listNodes(poolId);
  const verdict = assessNodes(poolId, pool, nodes);
  switch (verdict.kind) {
    case "hopeful":
      break;
    case "hopeless":
      throw new Error(verdict.message);
    case "start-tasks-failed":
      throw new Error(await startTaskWords(poolId, verdict.node, batch));
    case "reboot":
      await rebootDue(poolId, verdict.nodes, batch, note, reboots);
  }
  return { pool: pool!, nodes };
}

async function rebootDue(
  poolId: string,
  nodes: readonly NodeView[],
  batch: Batch,
  note: (line: string) => void,
  reboots: Reboots,
): Promise<void> {
  const nowMs = Date.now();
  reboots.firstMs ??= nowMs;
  if (nowMs - reboots.firstMs > rebootsEndAfterMs) throw new Error(stillUnlucky(poolId, nodes));
  for (const { id, startTaskFailure } of nodes) {
    if (nowMs - (reboots.lastMs.get(id) ?? 0) < rebootPauseMs) continue;
    const code = startTaskFailure?.code ?? "";
    const what = isDenied(code) ? "started before its role had arrived" : "could not download its layers";
    note(`Node ${id} ${what} (${code}); rebooting it.`);
    await batch.rebootNode(poolId, id);
    reboots.lastMs.set(id, nowMs);
  }
}

const isDenied = (code: string): boolean => code === "BlobAccessDenied";

function stillUnlucky(poolId: string, nodes: readonly NodeView[]): string {
  const codes = [...new Set(nodes.map((node) => node.startTaskFailure?.code ?? ""))];
  return codes.some(isDenied)
    ? `The nodes of pool ${poolId} may not read the container of layers (BlobAccessDenied), and reboots did not help. ` +
        "Give the pool's identity the role Storage Blob Data Reader on it."
    : `The nodes of pool ${poolId} could not download their layers (${codes.join(", ")}), and reboots did not help. ` +
        "Can they reach the storage account (firewall, private endpoint, its own health)?";
}

/** The start task's last sentence, or at least what Batch says of it. */
async function startTaskWords(poolId: string, node: NodeView, batch: Batch): Promise<string> {
  const stderr = await batch.readNodeFile(poolId, node.id, "startup/stderr.txt");
  const words = lastLine(stderr ?? "") ?? node.startTaskFailure?.message ?? "no reason given";
  return `The start task failed on every node of pool ${poolId}; node ${node.id} says: ${words}`;
}

function hopeless(message: string): NodesVerdict {
  return { kind: "hopeless", message };
}
