/** Runs `act` over a stream of items, at most `limit` at a time; the stream waits for them. The first failure ends it. */
export async function eachWithLimit<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const throwFailure = (): void => {
    if (failures.length > 0) throw failures[0];
  };
  for await (const item of items) {
    const acting = act(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(acting));
    underWay.add(acting);
    if (underWay.size >= limit) await Promise.race(underWay);
    throwFailure();
  }
  await Promise.all(underWay);
  throwFailure();
}
