/** The key of an image, and the digest of many keys. */
import { hash } from "node:crypto";

/** A version of an image: the first 16 bytes of the sha256 over its name and etag. */
export function imageKey({ name, etag }: { readonly name: string; readonly etag: string | null }): ImageKey {
  const sum = hash("sha256", JSON.stringify([name, etag]), "binary");
  return [wordAt(sum, 0), wordAt(sum, 4), wordAt(sum, 8), wordAt(sum, 12)];
}

export type ImageKey = readonly [a: number, b: number, c: number, d: number];

function wordAt(sum: string, at: number): number {
  const high = (sum.charCodeAt(at) << 8) | sum.charCodeAt(at + 1);
  return high * 2 ** 16 + ((sum.charCodeAt(at + 2) << 8) | sum.charCodeAt(at + 3));
}

/** The digest of a set of keys that come one by one, in whatever order: their sum, word by word, and their number. */
export class KeyDigest {
  readonly #sums = new Uint32Array(4);
  #count = 0;

  add(key: ImageKey): void {
    key.forEach((word, index) => (this.#sums[index]! += word));
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** sha256, in hex. */
  digest(): string {
    return hash("sha256", `${this.#count}:${this.#sums.join()}`);
  }
}
