/** Signals that end one call: at its deadline, or with the person's interruption. */

/**
 * Not AbortSignal.any over AbortSignal.timeout: Node 20 lets go of the timeout, which nobody else holds, and the call then waits for
 * ever (seen: 68 s on a silent service). A timer holds what it calls.
 */
export function openDeadlines(interrupted: AbortSignal, deadlineMs: number): () => AbortSignal {
  const live = new Set<AbortController>();
  interrupted.addEventListener("abort", () => live.forEach((controller) => controller.abort()));
  return () => {
    const controller = new AbortController();
    if (interrupted.aborted) controller.abort();
    live.add(controller);
    const end = (): void => {
      live.delete(controller);
      controller.abort();
    };
    // Calls that were answered long ago keep no process up.
    setTimeout(end, deadlineMs).unref();
    return controller.signal;
  };
}
