/** What a task tells while it runs: each failure, and every few seconds how far it is. */
import { isFailed, type ResultLine } from "./contract/result";

const progressEveryMs = 5000;

export class TaskProgress {
  readonly #startedMs = performance.now();
  #lastReportMs = this.#startedMs;
  done = 0;

  constructor(
    readonly total: number,
    readonly report: (line: string) => void,
  ) {}

  get seconds(): number {
    return (performance.now() - this.#startedMs) / 1000;
  }

  add(line: ResultLine): void {
    this.done += 1;
    if (isFailed(line)) this.report(`${line.image.name}: ${line.error.message}`);
    if (performance.now() - this.#lastReportMs < progressEveryMs) return;
    this.#lastReportMs = performance.now();
    this.report(`${this.done} of ${this.total} images, ${(this.done / this.seconds).toFixed(1)} images/s`);
  }
}
