/** What is known of each version of an image, by its key. */
import { imageKey, type ImageKey } from "./imageKey";
import { KeyTable } from "./keyTable";
import type { Entry } from "./segment";

export type Standing =
  | { readonly kind: "new" }
  | { readonly kind: "held" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly code: string };

/** An outcome gives way to a better one: what failed and was then done is done. */
export class Standings {
  readonly #table = new KeyTable();
  readonly #codes: string[] = [];

  of(key: ImageKey): Standing {
    const value = this.#table.get(key);
    if (value === 0) return { kind: "new" };
    if (value === done) return { kind: "done" };
    if (value === held) return { kind: "held" };
    return { kind: "failed", code: this.#codes[value - firstCode] ?? otherCode };
  }

  note(entry: Entry): void {
    const key = imageKey(entry);
    const before = this.#table.get(key);
    if (before === done || (before === held && entry.error !== undefined)) return;
    this.#table.set(key, entry.error === undefined ? done : this.#valueOf(entry.error.code));
  }

  /** A failed image that a live job tries again is held, one that is done stays so. */
  hold(image: { readonly name: string; readonly etag: string }): void {
    const key = imageKey(image);
    if (this.#table.get(key) !== done) this.#table.set(key, held);
  }

  #valueOf(code: string): number {
    let index = this.#codes.indexOf(code);
    if (index < 0) index = this.#codes.length < mostCodes ? this.#codes.push(code) - 1 : mostCodes;
    return firstCode + index;
  }
}

const done = 1;
const held = 2;
const firstCode = 3;
/** A byte names it; the worker has some twenty. */
const mostCodes = 250;
const otherCode = "other";
