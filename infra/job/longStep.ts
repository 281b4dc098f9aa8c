/** How far a long step has come: of a short one nothing is said, of a long one a line now and then. */
import { realPace, type Pace } from "./pace";

const firstAfterMs = 2_000;
const everyMs = 10_000;

/** Returns what is called as often as anything happens; `sentence` is asked for when a line is due. */
export function longStep(
  note: (line: string) => void,
  pace: Pick<Pace, "nowMs"> = realPace,
): (sentence: () => string) => void {
  let dueMs = pace.nowMs() + firstAfterMs;
  return (sentence) => {
    if (pace.nowMs() < dueMs) return;
    dueMs = pace.nowMs() + everyMs;
    note(sentence());
  };
}

/** Passes them on and says how many there have been. */
export async function* counted<T>(
  items: AsyncIterable<T>,
  sentence: (count: number) => string,
  note: (line: string) => void,
): AsyncGenerator<T> {
  const tell = longStep(note);
  let count = 0;
  for await (const item of items) {
    count += 1;
    tell(() => sentence(count));
    yield item;
  }
}
