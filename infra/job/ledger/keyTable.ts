/** Image keys by the million in little memory: 16 bytes and one small number each, in an open-addressing hash table. */
import type { ImageKey } from "./imageKey";

/** A key is four words of 32 bits. */
const words = 4;
/** Above this share of used places, searches get long. */
const mostUsed = 0.6;

export class KeyTable {
  #keys = new Uint32Array(1024 * words);
  /** 0: a place that is free. */
  #values = new Uint8Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** 0 for a key that is not there. */
  get(key: ImageKey): number {
    return this.#values[this.#placeOf(key)]!;
  }

  /** `value`: 1 to 255. */
  set(key: ImageKey, value: number): void {
    this.#put(key, value);
    if (this.#size > this.#values.length * mostUsed) this.#grow();
  }

  #put(key: ImageKey, value: number): void {
    const place = this.#placeOf(key);
    if (this.#values[place] === 0) {
      this.#keys.set(key, place * words);
      this.#size += 1;
    }
    this.#values[place] = value;
  }

  /** Where the key is, or would be. Keys are hashes: their first word is as good as any. */
  #placeOf([a, b, c, d]: ImageKey): number {
    const [keys, values, count] = [this.#keys, this.#values, this.#values.length];
    let place = a % count;
    for (; values[place] !== 0; place = (place + 1) % count) {
      const at = place * words;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) break;
    }
    return place;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = new Uint8Array(values.length * 2);
    this.#size = 0;
    values.forEach((value, place) => {
      const at = place * words;
      if (value !== 0) this.#put([keys[at]!, keys[at + 1]!, keys[at + 2]!, keys[at + 3]!], value);
    });
  }
}
