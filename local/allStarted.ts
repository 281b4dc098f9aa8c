/** Starting several things of which each must be stopped. */

/** Waits for all of them, also when one fails: what is still starting could not be stopped. Throws the first failure. */
export async function allStarted(starting: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(starting);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
