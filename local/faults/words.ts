/** Faults in words, for the person at the terminal. */
import type { Injected } from "./faults";
import { type FaultKind, faultKinds, type FaultSettings } from "./settings";

const meanings: Readonly<Record<FaultKind, string>> = {
  nodeBoot: "boots of nodes took longer",
  startTasks: "start tasks failed",
  preemption: "nodes were preempted",
  quotas: "resizes met a smaller quota",
  batchRequests: "requests to Batch got 429 or 503",
  blobRequests: "requests to storage got 503",
  missingBlobs: "blobs disappeared",
  uploads: "uploads were refused",
};

/** One line a kind that is set: how many have struck, and how it is set. */
export function faultLines(settings: FaultSettings, injected: Injected): string[] {
  const kinds = faultKinds.filter((kind) => settings[kind] !== undefined);
  if (kinds.length === 0) return ["no faults"];
  const width = Math.max(...kinds.map((kind) => kind.length));
  return kinds.map((kind) => {
    const set = Object.entries(settings[kind] ?? {}).map(([name, value]) => `${name} ${String(value)}`);
    return `${kind.padEnd(width)} ${String(injected[kind]).padStart(5)}  ${meanings[kind]} (${set.join(", ")})`;
  });
}
