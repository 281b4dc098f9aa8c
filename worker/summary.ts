/** Counting a run: its lines into the numbers of summary.json. */
import { isFailed, type ResultLine } from "./contract/result";
import type { Summary } from "./contract/summary";
import type { ModelInfo } from "./model";
import type { Versions } from "./versions";

export function summaryOf(
  lines: Iterable<ResultLine>,
  {
    info,
    versions,
    threads,
    seconds,
  }: {
    readonly info: ModelInfo;
    readonly versions: Versions;
    readonly threads: number;
    readonly seconds: number;
  },
): Summary {
  const byClass = new Map<string, number>();
  const byFailure = new Map<string, number>();
  let [done, failed, detections] = [0, 0, 0];
  for (const line of lines) {
    if (isFailed(line)) {
      failed += 1;
      add(byFailure, line.error.code);
      continue;
    }
    done += 1;
    detections += line.detections.length;
    for (const { name } of line.detections) add(byClass, name);
  }
  const images = done + failed;
  return {
    version: 1,
    images,
    done,
    failed,
    detections,
    byClass: sorted(byClass),
    byFailure: sorted(byFailure),
    seconds: round3(seconds),
    imagesPerSecond: seconds > 0 ? round3(images / seconds) : 0,
    threads,
    model: {
      sha256: info.sha256,
      inputHeight: info.inputHeight,
      inputWidth: info.inputWidth,
      classes: info.classNames.length,
    },
    versions: { ...versions },
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The most frequent first; equal counts by name. */
function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  const order = ([a, countA]: [string, number], [b, countB]: [string, number]): number =>
    countB - countA || (a < b ? -1 : 1);
  return Object.fromEntries([...counts].sort(order));
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
