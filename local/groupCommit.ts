/**
 * Group commit: writes that nobody waits for singly. What comes while one transaction is on its way to the disk goes into the next one together, where of
 * several writes of a record the last one counts. So after a crash the disk holds all writes up to a moment, and none from after it.
 */

interface Group {
  readonly writes: Map<string, () => Promise<unknown>>;
  readonly committed: Promise<void>;
}

export class GroupCommit {
  /** Not begun yet. */
  private next: Group | undefined;
  private underWay: Promise<void> = Promise.resolve();

  /** `write` is called soon; calls in one turn of the event loop share a transaction. `record` tells what it writes. */
  add(record: string, write: () => Promise<unknown>): void {
    this.next ??= this.open();
    this.next.writes.set(record, write);
  }

  /** Resolves when all that was added so far is on disk. */
  written(): Promise<void> {
    return this.next?.committed ?? this.underWay;
  }

  private open(): Group {
    const writes: Group["writes"] = new Map();
    const committed = this.commit(writes, this.underWay);
    // A failure, as on a full disk, ends the process even where somebody hears of it: what is in memory is not on disk.
    void committed.then(() => undefined);
    return { writes, committed };
  }

  private async commit(writes: Group["writes"], before: Promise<void>): Promise<void> {
    await before;
    // The turn that opened the group is not over, and what it brings about, such as the start of a task at the end of another, comes in the next.
    for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
    this.underWay = this.next?.committed ?? this.underWay;
    this.next = undefined;
    await Promise.all([...writes.values()].map((write) => write()));
  }
}
