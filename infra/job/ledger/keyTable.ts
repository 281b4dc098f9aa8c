/** Image keys by the million in little memory: 16 bytes and one small number each, in an open-addressing hash table. */
import { createHash, hash } from "node:crypto";

const keyBytes = 16;
/** Above this share of used places, searches get long. */
const mostUsed = 0.6;

/** A version of an image: the first 16 bytes of the sha256 over its name and etag. */
export function imageKey({ name, etag }: { readonly name: string; readonly etag: string | null }): Buffer {
  return hash("sha256", JSON.stringify([name, etag]), "buffer").subarray(0, keyBytes);
}

export class KeyTable {
  #keys = Buffer.alloc(1024 * keyBytes);
  /** 0: a place that is free. */
  #values = new Uint8Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** 0 for a key that is not there. */
  get(key: Buffer): number {
    return this.#values[this.#placeOf(key)]!;
  }

  /** `value`: 1 to 255. */
  set(key: Buffer, value: number): void {
    const place = this.#placeOf(key);
    if (this.#values[place] === 0) {
      key.copy(this.#keys, place * keyBytes);
      this.#size += 1;
    }
    this.#values[place] = value;
    if (this.#size > this.#values.length * mostUsed) this.#grow();
  }

  /** sha256 over the keys in order: the same whatever order they came in. */
  digest(): string {
    const places = new Uint32Array(this.#size);
    let found = 0;
    this.#values.forEach((value, place) => {
      if (value !== 0) places[found++] = place * keyBytes;
    });
    const keys = this.#keys;
    places.sort((a, b) => keys.compare(keys, b, b + keyBytes, a, a + keyBytes));
    const sum = createHash("sha256");
    for (const place of places) sum.update(keys.subarray(place, place + keyBytes));
    return sum.digest("hex");
  }

  /** Where the key is, or would be. Keys are hashes: their first bytes are as good as any. */
  #placeOf(key: Buffer): number {
    const count = this.#values.length;
    let place = key.readUInt32LE(0) % count;
    while (this.#values[place] !== 0 && !this.#isAt(place, key)) place = (place + 1) % count;
    return place;
  }

  #isAt(place: number, key: Buffer): boolean {
    const start = place * keyBytes;
    return this.#keys.compare(key, 0, keyBytes, start, start + keyBytes) === 0;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = Buffer.alloc(keys.length * 2);
    this.#values = new Uint8Array(values.length * 2);
    values.forEach((value, index) => {
      if (value === 0) return;
      const key = keys.subarray(index * keyBytes, (index + 1) * keyBytes);
      const place = this.#placeOf(key);
      key.copy(this.#keys, place * keyBytes);
      this.#values[place] = value;
    });
  }
}
