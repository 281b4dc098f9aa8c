/** Work that an interruption may end in any way. */

/**
 * Undefined when the work was interrupted, also where it failed then: a Ctrl-C reaches every process of the terminal, and one that is
 * still loading its model dies of it.
 */
export async function unlessInterrupted<T>(
  work: Promise<T>,
  interrupted: AbortSignal,
): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (interrupted.aborted) return undefined;
    throw error;
  }
}
