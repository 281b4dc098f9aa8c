/** A run in numbers, image by image. */
import type { TaskView } from "./batchViews";
import type { PlannedImage } from "./collect";
import type { Outcome } from "./run";

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
  outcome(tasks: readonly TaskView[]): Outcome {
    const { done, failed, "not-run": notRun } = this.#counts;
    const starts = tasks.flatMap((task) => (task.startedAt === null ? [] : [task.startedAt.getTime()]));
    const ends = tasks.flatMap((task) => (task.endedAt === null ? [] : [task.endedAt.getTime()]));
    const ranFor = (latest(ends) - earliest(starts)) / 1000;
    const seconds = Number.isFinite(ranFor) && ranFor > 0 ? round(ranFor) : null;
    return {
      images: { planned: done + failed + notRun, done, failed, notRun },
      detections: [...this.#byClass.values()].reduce((sum, count) => sum + count, 0),
      byClass: sortedByCount(this.#byClass),
      byFailure: sortedByCount(this.#byFailure),
      seconds,
      imagesPerSecond: seconds === null ? null : round((done + failed) / seconds),
      nodes: tasks.length === 0 ? null : new Set(tasks.flatMap((task) => task.nodeId ?? [])).size,
    };
  }
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function earliest(times: readonly number[]): number {
  return times.reduce((least, time) => Math.min(least, time), Infinity);
}

function latest(times: readonly number[]): number {
  return times.reduce((most, time) => Math.max(most, time), -Infinity);
}

/** The most frequent first, then by name. */
function sortedByCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
