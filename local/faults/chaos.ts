/** Chaos: a mix of faults that a deployment must survive, chosen by a seed. */
import { seededRandom } from "./seededRandom";
import type { FaultSettings } from "./settings";

/** What a run leaves behind in the output container; what is written before it are the submitter's own files. */
const resultsOfTasks =
  "output/{annotated/**,runs/*/*/{parts/**,results.ndjson,summary.json,stdout.txt,stderr.txt}}";

/**
 * Pure. Each fault is one that passes or leaves a way around: of `nodes` nodes one may fail for good or not be had at all, and where there is only one,
 * none; a task's uploads are denied less often than Batch tries it.
 */
export function chaosOf(seed: number, nodes: number): FaultSettings {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const share = (low: number, high: number): number =>
    Math.round((low + random() * (high - low)) * 100) / 100;
  const oneOf = <T>(...choices: readonly [T, ...T[]]): T =>
    choices[between(0, choices.length - 1)] ?? choices[0];
  // Of vmSize's default, which has two.
  const quota = { quotas: { dedicatedCores: 2 * (nodes - 1) } };
  const lostNode =
    nodes > 1 ? oneOf<Partial<FaultSettings>>({ startTasks: { rate: 1, most: 1 } }, quota, {}) : {};
  return {
    seed,
    nodeBoot: { extraSeconds: between(1, 3) },
    ...lostNode,
    preemption: {
      // A small run's tasks take a few seconds.
      everySeconds: share(0.5, 1.5),
      awaySeconds: between(1, 3),
      nodes: "running",
      most: between(1, 3),
    },
    batchRequests: { rate: share(0.05, 0.2), retryAfterSeconds: 1 },
    blobRequests: { rate: share(0.02, 0.08) },
    missingBlobs: { blobs: "input/**", rate: share(0.05, 0.2), most: 3 },
    uploads: { blobs: resultsOfTasks, rate: share(0.2, 0.6), status: oneOf(403, 503), most: 2 },
  };
}
