/** A run in numbers, image by image. */
import type { PlannedImage } from "./collect";
import type { Outcome, TaskTimes } from "./run";
import { nodeSecondsOf, secondsOf } from "./taskTimes";

/** As many failed images are named to who asks how a run ended. */
const failuresNamed = 5;

export interface NamedFailure {
  readonly name: string;
  readonly code: string;
}

export class Tally {
  readonly #counts = { done: 0, failed: 0, "not-run": 0 };
  readonly #byClass = new Map<string, number>();
  readonly #byFailure = new Map<string, number>();
  readonly #unfinished = new Set<string>();
  readonly #failures: NamedFailure[] = [];

  note(image: PlannedImage): void {
    this.#counts[image.kind] += 1;
    switch (image.kind) {
      case "done":
        for (const { name } of image.line.detections) addOne(this.#byClass, name);
        return;
      case "failed": {
        const { code } = image.line.error;
        addOne(this.#byFailure, code);
        if (this.#failures.length < failuresNamed) this.#failures.push({ name: image.name, code });
        return;
      }
      case "not-run":
        this.#unfinished.add(image.task);
    }
  }

  /** Tasks with images that were not run. */
  get unfinished(): ReadonlySet<string> {
    return this.#unfinished;
  }

  /** The first ones, in the run's order. */
  get failures(): readonly NamedFailure[] {
    return this.#failures;
  }

  /** `tasks` tell the times; none where Batch has forgotten them. */
  outcome(tasks: readonly TaskTimes[]): Outcome {
    const { done, failed, "not-run": notRun } = this.#counts;
    const seconds = secondsOf(tasks);
    return {
      images: { planned: done + failed + notRun, done, failed, notRun },
      detections: [...this.#byClass.values()].reduce((sum, count) => sum + count, 0),
      byClass: sortedByCount(this.#byClass),
      byFailure: sortedByCount(this.#byFailure),
      seconds,
      imagesPerSecond: seconds === null ? null : round((done + failed) / seconds),
      nodes: tasks.length === 0 ? null : new Set(tasks.flatMap((task) => task.node ?? [])).size,
      nodeSeconds: nodeSecondsOf(tasks),
    };
  }
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The most frequent first, then by name. */
function sortedByCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
