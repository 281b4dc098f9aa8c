/**
 * Ends a Pulumi program at its first failure, where no engine does it. Pulumi's mock runtime neither stops at one nor always ends after one, so what
 * fails, and everything that is registered later, stays pending for ever; the process ends by its own exit.
 */
export class FirstFailure {
  readonly happened: Promise<never>;
  #fail: (error: unknown) => void = () => undefined;
  #failed = false;
  #inFlight = new Set<Promise<unknown>>();

  constructor() {
    this.happened = new Promise<never>((_resolve, reject) => {
      this.#fail = (error) => {
        if (this.#failed) return;
        this.#failed = true;
        // What is being created is finished first, so that nothing half-made is left without a word.
        void Promise.allSettled(this.#inFlight).then(() =>
          reject(error instanceof Error ? error : new Error(String(error))),
        );
      };
    });
    this.happened.catch(() => undefined);
    process.on("unhandledRejection", (error) => this.#fail(error));
  }

  async guard<T>(act: () => Promise<T>): Promise<T> {
    const forever = new Promise<never>(() => undefined);
    if (this.#failed) return forever;
    const work = act();
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.#inFlight.add(settled);
    void settled.then(() => this.#inFlight.delete(settled));
    try {
      return await work;
    } catch (error) {
      this.#fail(error);
      return forever;
    }
  }
}
