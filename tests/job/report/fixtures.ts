/** Reports of runs that never were. */
import type { Collected, PlannedImage } from "../../../infra/job/collect";
import { limitsOf } from "../../../infra/job/limits";
import { costOf, ownPrices } from "../../../infra/job/report/cost";
import { comparisonOf, type Report } from "../../../infra/job/report/report";
import type { Run, TaskTimes } from "../../../infra/job/run";
import { Tally } from "../../../infra/job/tally";
import { verdictOf } from "../../../infra/job/verdict";
import type { Detection, DoneLine } from "../../../worker/contract/result";

export const box = (x1: number, y1: number, x2: number, y2: number): Detection["box"] => ({ x1, y1, x2, y2 });

export function detection(name: string, confidence = 0.9, where = box(10, 10, 110, 110)): Detection {
  return { name, class: 0, confidence, box: where };
}

export function done(
  name: string,
  detections: readonly Detection[],
  annotated: string | null = null,
): PlannedImage {
  return { kind: "done", name, task: "shard-00001", line: doneLine(name, detections, annotated) };
}

export function doneLine(
  name: string,
  detections: readonly Detection[],
  annotated: string | null = null,
): DoneLine {
  return {
    version: 1,
    image: { name, etag: "1", bytes: 1, width: 640, height: 480 },
    detections: [...detections],
    annotated,
  };
}

export function failed(name: string, code: string, message: string): PlannedImage {
  const error = { stage: "decode" as const, code, message };
  return {
    kind: "failed",
    name,
    task: "shard-00001",
    line: { version: 1, image: { name, etag: "1" }, error },
  };
}

/** `from` and `to`: seconds. */
export function task(id: string, node: string, from: number, to: number | null, succeeded = true): TaskTimes {
  const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 2) + seconds * 1000).toISOString();
  return { id, node, startedAt: at(from), endedAt: to === null ? null : at(to), succeeded, retries: 0 };
}

export const run: Run = {
  version: 1,
  job: "detect-0123abcd-0123456789ab",
  lineage: "0123abcd",
  poolId: "pool-1",
  submittedAt: "2026-01-02T00:00:00.000Z",
  layers: { runtime: "r".repeat(8), worker: "w".repeat(8), model: "m".repeat(8) },
  settings: {
    confidence: 0.25,
    iou: 0.7,
    maxDetections: 300,
    classes: ["dog", "3"],
    agnostic: false,
    annotate: "all",
    acceptTruncated: false,
  },
  inputsDigest: "d",
  images: 3,
  bytes: 3,
  tasks: [{ id: "shard-00001", images: 3, bytes: 3 }],
};

export interface Given {
  readonly images: readonly PlannedImage[];
  readonly tasks?: readonly TaskTimes[];
  readonly problems?: readonly string[];
  readonly summaries?: Collected["summaries"];
  /** Results of an earlier run, by image name. */
  readonly before?: readonly DoneLine[];
}

export function collectedOf({ images, tasks = [], problems = [], summaries = [] }: Given): Collected {
  const machine = { vmSize: "Standard_D2s_v3", location: "japaneast" };
  const tally = new Tally();
  for (const image of images) tally.note(image);
  const counted = tally.outcome(tasks);
  const verdict = verdictOf({ kind: "with-its-tasks" }, counted.images, limitsOf({}), problems.length);
  const outcome = { ...counted, verdict, problems: [...problems], tasks: [...tasks], machine };
  return { run, images, outcome, failures: tally.failures, problems, lostLogs: [], summaries };
}

export function reportOf(given: Given): Report {
  const collected = collectedOf(given);
  const earlier: Run = {
    ...run,
    job: "detect-99990000-0123456789ab",
    submittedAt: "2026-01-01T00:00:00.000Z",
    settings: { ...run.settings, confidence: 0.4 },
  };
  const lines = new Map((given.before ?? []).map((line) => [line.image.name, line]));
  return {
    collected,
    cost: costOf(collected.outcome, ownPrices()),
    comparison: comparisonOf(collected, {
      found: given.before === undefined ? null : { run: earlier, lines },
      looked: 1,
    }),
  };
}
