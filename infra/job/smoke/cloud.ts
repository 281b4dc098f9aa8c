/** What the checks look at: the target, its services, and what several checks read once. */
import { randomBytes } from "node:crypto";
import type { BatchServiceModels } from "@azure/batch";
import type { AbortSignalLike } from "@azure/ms-rest-js";
import type { Batch } from "../batch";
import { connect, connectProbes, type Probes } from "../clients";
import { openDeadlines } from "../deadlines";
import { once } from "../once";
import type { JobTarget } from "../target";
import { readLastRun, type LastRun } from "./lastRun";

export interface SmokeCloud {
  readonly target: JobTarget;
  readonly probes: Probes;
  readonly batch: Batch;
  /** Of one call: ends with its deadline, and when the person interrupts. */
  readonly signal: () => AbortSignal;
  /** The same in the type of the Batch SDK, which differs in that of `this` only. */
  readonly batchSignal: () => AbortSignalLike;
  /** Hears what a person must know beside the lines. */
  readonly note: (line: string) => void;
  readonly pool: () => Promise<BatchServiceModels.CloudPool>;
  readonly nodes: () => Promise<readonly BatchServiceModels.ComputeNode[]>;
  /** Null: there was no run yet. */
  readonly lastRun: () => Promise<LastRun | null>;
}

export const callDeadlineMs = 20_000;

export function openSmokeCloud(
  target: JobTarget,
  interrupted: AbortSignal,
  note: (line: string) => void,
): SmokeCloud {
  const probes = connectProbes(target, randomBytes(64).toString("base64"));
  const clients = connect(target, note);
  const signal = openDeadlines(interrupted, callDeadlineMs);
  const batchSignal = (): AbortSignalLike => signal() as unknown as AbortSignalLike;
  return {
    target,
    probes,
    batch: clients.batch,
    signal,
    batchSignal,
    note,
    pool: once(() => probes.batch.pool.get(target.poolId, { abortSignal: batchSignal() })),
    // A pool of this program has at most 100 nodes: one page.
    nodes: once(() => probes.batch.computeNode.list(target.poolId, { abortSignal: batchSignal() })),
    lastRun: once(() => readLastRun(clients)),
  };
}
