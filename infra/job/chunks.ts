/** Cuts a list of tasks into collections that Batch accepts in one request. */

/** Batch REST, "Add Task Collection": at most 100 tasks, the body below 1 MB; some room is left for the envelope. */
const maxItems = 100;
const maxBytes = 1_000_000;

/** In order, each chunk within both limits. An item that is too large alone is its own chunk: the service names it. */
export function chunks<T>(items: readonly T[]): T[][] {
  const result: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    const last = result.at(-1);
    if (last === undefined || last.length === maxItems || bytes + size > maxBytes) {
      result.push([item]);
      bytes = size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return result;
}
