/** A map in the order of its keys, which can be read from any key on: a page of a long list neither copies nor sorts the rest of it. */

/** Keys lie in chunks, so that a new one moves few others; a longer chunk is split in two. */
const longestChunk = 512;

export class SortedMap<T> {
  private readonly values = new Map<string, T>();
  /** Each in order and after the one before it; none is empty. */
  private readonly chunks: string[][] = [];

  get size(): number {
    return this.values.size;
  }

  get(key: string): T | undefined {
    return this.values.get(key);
  }

  set(key: string, value: T): void {
    if (!this.values.has(key)) this.insert(key);
    this.values.set(key, value);
  }

  delete(key: string): void {
    if (!this.values.delete(key)) return;
    const { chunk, at } = this.placeOf(key);
    this.chunks[chunk]!.splice(at, 1);
    if (this.chunks[chunk]!.length === 0) this.chunks.splice(chunk, 1);
  }

  /** All values, in the order of their keys. The map must not change before the last was taken. */
  *all(): Generator<T, void> {
    for (const keys of this.chunks) for (const key of keys) yield this.values.get(key)!;
  }

  /** The values of the keys that come after `key`, in order. As with `all`, to be taken before the map changes. */
  *after(key: string): Generator<T, void> {
    const first = this.placeOf(key);
    for (let chunk = first.chunk; chunk < this.chunks.length; chunk += 1) {
      const keys = this.chunks[chunk]!;
      for (let at = chunk === first.chunk ? first.at : 0; at < keys.length; at += 1)
        if (keys[at] !== key) yield this.values.get(keys[at]!)!;
    }
  }

  private insert(key: string): void {
    const { chunk, at } = this.placeOf(key);
    const keys = this.chunks[chunk];
    if (keys === undefined) {
      this.chunks.push([key]);
      return;
    }
    keys.splice(at, 0, key);
    if (keys.length > longestChunk) this.chunks.splice(chunk + 1, 0, keys.splice(longestChunk / 2));
  }

  /** Where the key is, or would be: in the last chunk that does not begin after it. */
  private placeOf(key: string): { readonly chunk: number; readonly at: number } {
    const chunk = Math.max(0, firstWhere(this.chunks.length, (index) => this.chunks[index]![0]! > key) - 1);
    const keys = this.chunks[chunk] ?? [];
    return { chunk, at: firstWhere(keys.length, (index) => keys[index]! >= key) };
  }
}

/** The first of `count` indices where something holds that holds for all later ones as well; `count` where it never does. */
function firstWhere(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
