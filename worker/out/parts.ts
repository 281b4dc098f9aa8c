/**
 * The results of a task while it runs: parts, flushed every few seconds, so that a node that is taken away costs at most one part.
 * A rerun reads them and does only what they do not hold; at the end they are joined in the manifest's order.
 */
import { formatResult, parseResult, type ResultLine } from "../contract/result";
import type { OutputContainer } from "../io/container";
import type { SourceImage } from "../run";

/** At most so many lines are lost with a node. */
export const linesPerPart = 50;
const partEveryMs = 5000;
const ndjsonType = "application/x-ndjson";

export class Parts {
  readonly #lines = new Map<string, ResultLine>();
  #unwritten: ResultLine[] = [];
  #nextPart = 1;
  #lastFlushMs = Date.now();

  private constructor(
    readonly output: OutputContainer,
    /** `runs/<job>/<task>`. */
    readonly prefix: string,
  ) {}

  /** Reads what an earlier try of this task left. */
  static async open(output: OutputContainer, prefix: string): Promise<Parts> {
    const parts = new Parts(output, prefix);
    for (const name of await parts.#names()) {
      const lines = (await output.read(name)).split("\n").filter((line) => line !== "");
      lines.forEach((line, index) => parts.#keep(parseResult(line, `${name} line ${index + 1}`)));
      parts.#nextPart = Math.max(parts.#nextPart, Number(/(\d+)\.ndjson$/.exec(name)?.[1] ?? 0) + 1);
    }
    return parts;
  }

  has(image: SourceImage): boolean {
    return this.#lines.has(keyOf(image));
  }

  get lines(): Iterable<ResultLine> {
    return this.#lines.values();
  }

  async append(line: ResultLine): Promise<void> {
    this.#keep(line);
    this.#unwritten.push(line);
    if (this.#unwritten.length >= linesPerPart || Date.now() - this.#lastFlushMs >= partEveryMs)
      await this.flush();
  }

  async flush(): Promise<void> {
    this.#lastFlushMs = Date.now();
    if (this.#unwritten.length === 0) return;
    const name = `${this.prefix}/parts/${String(this.#nextPart).padStart(5, "0")}.ndjson`;
    await this.output.write(name, this.#unwritten.map(formatResult).join(""), ndjsonType);
    this.#nextPart += 1;
    this.#unwritten = [];
  }

  /** Writes results.ndjson, in the order of `images`; every one of them must have its line. */
  async join(images: readonly SourceImage[]): Promise<void> {
    const lines = images.map((image) => {
      const line = this.#lines.get(keyOf(image));
      if (line === undefined) throw new Error(`${image.name} has no result; the task is not complete.`);
      return formatResult(line);
    });
    await this.output.write(`${this.prefix}/results.ndjson`, lines.join(""), ndjsonType);
  }

  /** Deletes the parts; what they held is in results.ndjson by then. */
  async discard(): Promise<void> {
    for (const name of await this.#names()) await this.output.delete(name);
  }

  #names(): Promise<string[]> {
    return this.output.list(`${this.prefix}/parts/`);
  }

  #keep(line: ResultLine): void {
    this.#lines.set(keyOf(line.image), line);
  }
}

/** An image of a manifest, by name and etag. */
function keyOf({ name, etag }: { readonly name: string; readonly etag: string | null }): string {
  return `${name}\n${etag ?? ""}`;
}
