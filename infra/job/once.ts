/** What several checks ask and is read once. */

/** The same answer, or the same failure, for everyone. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= read());
}
