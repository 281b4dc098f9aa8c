/** Reads several items at a time and gives their results in the items' order; no more than `limit` are in memory. */
export async function* readAhead<T, R>(
  items: readonly T[],
  limit: number,
  read: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for (let next = 0; next < items.length || underWay.length > 0;) {
    while (next < items.length && underWay.length < limit) {
      const reading = read(items[next++]!);
      // Whoever waits for it hears of its failure; until then nobody does.
      reading.catch(() => undefined);
      underWay.push(reading);
    }
    yield await underWay.shift()!;
  }
}
