/** Why no task of a run is running, from one look at it, and what to do about it. */
import type { Batch } from "./batch";
import { isEnding, type NodeView, type PoolView } from "./batchViews";
import { cureOf } from "./nodes";
import { ended, nodeStates, preparationFile, unprepared, type Snapshot } from "./progress";

export type IdleKind =
  | "job-disabled"
  | "job-changing"
  | "no-tasks"
  | "no-pool"
  | "pool-deleting"
  | "autoscale-failed"
  | "resize-failed"
  | "pool-empty"
  | "awaiting-evaluation"
  | "resizing"
  | "nodes-starting"
  | "start-tasks-failed"
  | "nodes-unusable"
  | "nodes-leaving"
  | "preparation-failed"
  | "nodes-busy"
  | "scheduling";

export interface Idle {
  readonly kind: IdleKind;
  /** What is the case, a sentence. */
  readonly why: string;
  /** What to do, a sentence; null where waiting is all. */
  readonly next: string | null;
  /** The node whose own words tell more, and the file that holds them. */
  readonly told: { readonly nodeId: string; readonly file: string } | null;
}

/** With the last lines that the node wrote, where it was asked. */
export interface ExplainedIdle extends Idle {
  readonly stderr: string | null;
}

/** While a run is followed: what passes within so many milliseconds is not worth a word. */
const passesWithinMs = 5_000;

/** Tells what keeps a run that is followed from running: each reason once, until another one or work comes. */
export class IdleWatch {
  #kind: IdleKind | null = null;
  #sinceMs = 0;
  #isTold = false;

  /** What is to be said now; null mostly. */
  look(snapshot: Snapshot): Idle | null {
    const found = whyIdle(snapshot);
    if ((found?.kind ?? null) !== this.#kind) {
      this.#kind = found?.kind ?? null;
      this.#sinceMs = snapshot.atMs;
      this.#isTold = false;
    }
    if (found === null || this.#isTold || snapshot.atMs - this.#sinceMs < passesWithinMs) return null;
    this.#isTold = true;
    return found;
  }
}

const submitAgain = "Submit again: npm run job -- submit --stack NAME";
const cancelAndSubmit = (jobId: string): string =>
  `Put that right, cancel the job (npm run job -- cancel --job ${jobId} --stack NAME) and submit again.`;

/** Pure: null while something runs, or when nothing is left to run. */
export function whyIdle(look: Snapshot): Idle | null {
  const { job, pool, nodes, tasks } = look;
  if (isEnding(job) || tasks.running > 0) return null;
  if (job.state === "disabled")
    return idle(
      "job-disabled",
      `Job ${job.id} is disabled.`,
      `The next submit enables it again. ${submitAgain}`,
    );
  if (job.state !== "active") return idle("job-changing", `Job ${job.id} is ${job.state}.`, null);
  if (tasks.active === 0)
    return ended(look) > 0
      ? null
      : idle("no-tasks", `Job ${job.id} has no tasks yet: its submit goes on, or was killed.`, submitAgain);
  if (pool === null) return idle("no-pool", `There is no pool ${job.poolId}.`, "Deploy the stack: pulumi up");
  if (pool.state === "deleting")
    return idle(
      "pool-deleting",
      `Pool ${pool.id} is being deleted.`,
      `Deploy the stack (pulumi up), which moves the job.`,
    );
  if (nodes.length === 0) return whyEmpty(pool);
  return whyNoNode(pool, nodes) ?? whyNotPlaced(look);
}

function whyEmpty(pool: PoolView): Idle {
  const { id, autoscale, resizeErrors, targetNodes } = pool;
  if (autoscale?.error)
    return idle(
      "autoscale-failed",
      `Pool ${id} has no nodes, and its autoscale formula failed: ${autoscale.error}`,
      "Deploy the stack, which sets the formula again: pulumi up",
    );
  if (pool.allocationState !== "steady")
    return idle("resizing", `Pool ${id} is being resized to ${count(targetNodes, "node")}.`, null);
  if (resizeErrors.length > 0)
    return idle(
      "resize-failed",
      `Pool ${id} has no nodes: ${resizeErrors.join(" ")}`,
      [
        ...new Set(resizeErrors.map(cureOf)),
        autoscale === null
          ? "A pool of fixed size does not try again by itself: then run pulumi up."
          : "The pool tries again at its next evaluation.",
      ]
        .filter((text) => text !== "")
        .join(" "),
    );
  if (autoscale !== null)
    return idle(
      "awaiting-evaluation",
      `Pool ${id} scales by its tasks and has no nodes now: it sees the tasks at its next evaluation, within 5 minutes.`,
      null,
    );
  return targetNodes === 0
    ? idle("pool-empty", `Pool ${id} is meant to have no nodes.`, "Set poolNodes and run pulumi up.")
    : idle("resizing", `Pool ${id} is to get ${count(targetNodes, "node")}.`, null);
}

const startingStates = new Set(["creating", "starting", "waitingforstarttask", "rebooting", "reimaging"]);

/** Null: a node can run tasks. */
function whyNoNode(pool: PoolView, nodes: readonly NodeView[]): Idle | null {
  const some = (state: string): NodeView | undefined => nodes.find((node) => node.state === state);
  if (some("idle") !== undefined || some("running") !== undefined) return null;
  if (nodes.some(({ state }) => startingStates.has(state)))
    return idle("nodes-starting", `The nodes are not ready yet: ${nodeStates(nodes)}.`, null);
  const broken = some("starttaskfailed");
  if (broken !== undefined)
    return idle(
      "start-tasks-failed",
      `The start task of node ${broken.id} failed (${broken.startTaskFailure?.code ?? "no code"}), and no other node is usable.`,
      "Put right what it says and run pulumi up; a submit reboots nodes that could not get their files.",
      { nodeId: broken.id, file: "startup/stderr.txt" },
    );
  const unusable = some("unusable");
  if (unusable !== undefined)
    return idle(
      "nodes-unusable",
      `No node of pool ${pool.id} is usable: ${unusable.errors.join("; ") || "Batch gives no reason"}.`,
      "See what they say in the portal, and reboot or remove them.",
    );
  return idle("nodes-leaving", `No node of pool ${pool.id} takes tasks: ${nodeStates(nodes)}.`, null);
}

/** Nodes are there and tasks wait. A task for which its node is being prepared counts as running (Batch REST: TaskCounts). */
function whyNotPlaced({ job, nodes, preparations }: Snapshot): Idle {
  const failed = unprepared(nodes, preparations);
  if (failed !== null)
    return idle(
      "preparation-failed",
      `The preparation of job ${job.id} failed on every node (${failed.failure?.code ?? "no code"}: ${failed.failure?.message ?? ""}).`,
      cancelAndSubmit(job.id),
      { nodeId: failed.nodeId, file: preparationFile(job.id) },
    );
  return nodes.some(({ state }) => state === "idle")
    ? idle("scheduling", "Nodes are idle, and Batch is about to give them tasks.", null)
    : idle(
        "nodes-busy",
        "The nodes run tasks of other jobs.",
        "It waits its turn; more nodes: set poolNodes or maxNodes.",
      );
}

/** Asks the node, where one has something to say. */
export async function explained(found: Idle, poolId: string, batch: Batch): Promise<ExplainedIdle> {
  if (found.told === null) return { ...found, stderr: null };
  const text = await batch.readNodeFile(poolId, found.told.nodeId, found.told.file);
  return { ...found, stderr: text === null || text.trim() === "" ? null : lastLines(text) };
}

const linesShown = 10;

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-linesShown).join("\n");
}

/** Pure: for a terminal, a line and under it what the node said. */
export function idleText({ why, next, told, stderr }: ExplainedIdle): string {
  const said =
    stderr === null
      ? []
      : [`Node ${told?.nodeId ?? ""} says:`, ...stderr.split("\n").map((line) => `  ${line}`)];
  return [`Nothing runs: ${why}`, ...said, ...(next === null ? [] : [`→ ${next}`])].join("\n");
}

function idle(kind: IdleKind, why: string, next: string | null, told: Idle["told"] = null): Idle {
  return { kind, why, next, told };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
