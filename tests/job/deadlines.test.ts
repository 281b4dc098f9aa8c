/** Calls of the checks end, also against a service that accepts and says nothing. */
import { openDeadlines } from "../../infra/job/deadlines";

const aborted = (signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    // Keeps the process up as a connection would: the timer of a deadline does not.
    const up = setTimeout(() => resolve(false), 5_000);
    signal.addEventListener("abort", () => {
      clearTimeout(up);
      resolve(true);
    });
  });

describe("the deadlines of calls", () => {
  it("end each call by itself", async () => {
    const signalOf = openDeadlines(new AbortController().signal, 20);

    expect(await Promise.all([aborted(signalOf()), aborted(signalOf())])).toEqual([true, true]);
  });

  it("end all calls with the interruption, and those that are begun after it at once", async () => {
    const interruption = new AbortController();
    const signalOf = openDeadlines(interruption.signal, 60_000);
    const running = [aborted(signalOf()), aborted(signalOf())];
    interruption.abort();

    expect(await Promise.all(running)).toEqual([true, true]);
    expect(signalOf().aborted).toBe(true);
  });
});
