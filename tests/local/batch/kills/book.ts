/** What clients know of a service that may be killed under them: of each thing, how it may be when the service is back. */

/** Acknowledged: one way. Asked, and no answer came: the way before or the way asked for. Undefined: it is not there. */
type Ways<View> = readonly (View | undefined)[];

export interface Entry<View> {
  readonly id: string;
  ways: Ways<View>;
}

/** How an answer did not come, as far as the client can tell. */
export interface Refusal {
  readonly statusCode?: number;
  readonly code?: string;
}

/** Things of one kind, which are all in it that were ever asked for. */
export class Book<View, Item extends Entry<View> = Entry<View>> {
  private readonly entries = new Map<string, Item>();

  put(entry: Item): Item {
    this.entries.set(entry.id, entry);
    return entry;
  }

  all(): Item[] {
    return [...this.entries.values()];
  }

  /** Those that are there for certain. */
  known(): (Item & { readonly ways: readonly [View] })[] {
    return this.all().filter(
      (entry): entry is Item & { readonly ways: readonly [View] } =>
        entry.ways.length === 1 && entry.ways[0] !== undefined,
    );
  }

  /**
   * What is wrong with the things that the service shows now; what is right is what they are known to be from now on, until `later` says they may
   * become something else by themselves.
   */
  mistakes(shown: ReadonlyMap<string, View>, later: (view: View) => Ways<View> = (view) => [view]): string[] {
    const strange = [...shown.keys()].filter((id) => !this.entries.has(id));
    const wrong = this.all().flatMap((entry) => {
      const view = shown.get(entry.id);
      const fits = entry.ways.some((way) => JSON.stringify(way) === JSON.stringify(view));
      if (!fits)
        return [
          `${entry.id} is ${view === undefined ? "gone" : JSON.stringify(view)}, not ${JSON.stringify(entry.ways)}`,
        ];
      entry.ways = view === undefined ? [undefined] : later(view);
      return [];
    });
    return [...strange.map((id) => `nobody asked for ${id}`), ...wrong];
  }
}

/**
 * A write: what is asked for is known when it is acknowledged, possible when no answer came, and not so when it is refused with a code that the
 * caller can live with. Any other refusal is thrown.
 */
export async function write<View>(
  entries: readonly Entry<View>[],
  become: (entry: Entry<View>) => Ways<View>,
  act: () => Promise<unknown>,
  expected: readonly string[] = [],
): Promise<void> {
  const before = new Map(entries.map((entry) => [entry, entry.ways]));
  // From the moment it is asked for until the answer is here it may be either way.
  for (const entry of entries) entry.ways = [...entry.ways, ...become(entry)];
  try {
    await act();
    for (const entry of entries) entry.ways = become({ ...entry, ways: before.get(entry)! });
  } catch (error) {
    const { statusCode, code = "" } = error as Refusal;
    if (statusCode === undefined) return;
    for (const entry of entries) entry.ways = before.get(entry)!;
    if (!expected.includes(code)) throw error;
  }
}
