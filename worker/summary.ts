/** Counting a run: its lines into the numbers of summary.json. */
import { isFailed, type ResultLine } from "./contract/result";
import type { Summary } from "./contract/summary";
import type { ModelInfo } from "./model";
import type { Versions } from "./versions";

/** What a run was done with, and how long it took. */
export interface RunFacts {
  readonly info: ModelInfo;
  readonly versions: Versions;
  readonly threads: number;
  readonly seconds: number;
}

/** Counts lines as they come: of a hundred thousand images nobody keeps the lines. */
export class Tally {
  readonly #byClass = new Map<string, number>();
  readonly #byFailure = new Map<string, number>();
  #done = 0;
  #failed = 0;
  #detections = 0;

  get images(): number {
    return this.#done + this.#failed;
  }

  add(line: ResultLine): void {
    if (isFailed(line)) {
      this.#failed += 1;
      add(this.#byFailure, line.error.code);
      return;
    }
    this.#done += 1;
    this.#detections += line.detections.length;
    for (const { name } of line.detections) add(this.#byClass, name);
  }

  summary({ info, versions, threads, seconds }: RunFacts): Summary {
    return {
      version: 1,
      images: this.images,
      done: this.#done,
      failed: this.#failed,
      detections: this.#detections,
      byClass: sorted(this.#byClass),
      byFailure: sorted(this.#byFailure),
      seconds: round3(seconds),
      imagesPerSecond: seconds > 0 ? round3(this.images / seconds) : 0,
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
