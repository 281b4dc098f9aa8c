/** Ctrl-C and its kin, for programs that end in order: the first signal asks, a later one insists. */

export interface Interruption {
  readonly signal: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM; undefined while nobody interrupted. */
  readonly exitCode: number | undefined;
}

/** One Ctrl-C may arrive twice: from the terminal, and again from npm or timeout, which pass on what they got. */
const sameInterruptionMs = 1000;

/** `insist` is called when a later signal says that ending in order takes too long. */
export function watchInterruption(asked: () => void, insist: (exitCode: number) => void): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let askedMs = 0;
  for (const [name, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(name, () => {
      if (exitCode === undefined) {
        exitCode = code;
        askedMs = performance.now();
        asked();
        controller.abort();
      } else if (performance.now() - askedMs > sameInterruptionMs) insist(exitCode);
    });
  }
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
  };
}
