/** Makes checks one after the other: each with a deadline, none that another's failure has made pointless. */

export interface Runnable<Subject, Finding> {
  readonly id: string;
  /** Checks without whose success this one can tell nothing. */
  readonly needs: readonly string[];
  /** May throw what a service or the network answered. */
  readonly look: (subject: Subject) => Promise<Finding>;
}

export interface Looked<Check, Finding> {
  readonly check: Check;
  readonly finding: Finding;
  /** Null: the check was not made. */
  readonly tookMs: number | null;
}

/** How findings are told apart, and what is found where nobody could look. */
export interface Verdicts<Finding> {
  /** Whether checks that need this one can be made. */
  readonly isGood: (finding: Finding) => boolean;
  /** `blame`: the first check in the chain of what was needed. */
  readonly notAsked: (blame: string) => Finding;
  readonly late: (deadlineMs: number) => Finding;
  readonly thrown: (error: unknown) => Finding;
}

export interface Watcher<Line> {
  /** After it no further check is begun. */
  readonly interrupted: AbortSignal;
  /** Hears each line as it is known. */
  readonly show: (line: Line) => void;
}

/** Longer than a check's calls may take together; only a sign-in that hangs gets here. */
const checkDeadlineMs = 150_000;

export async function runChecks<Subject, Finding, Check extends Runnable<Subject, Finding>>(
  checks: readonly Check[],
  subject: Subject,
  verdicts: Verdicts<Finding>,
  { interrupted, show }: Watcher<Looked<Check, Finding>>,
): Promise<readonly Looked<Check, Finding>[]> {
  const lines: Looked<Check, Finding>[] = [];
  /** Checks that did not end well, and the one that is to blame: themselves, or the first in the chain of what they needed. */
  const blamed = new Map<string, string>();
  const stopped = (): boolean => interrupted.aborted;
  for (const check of checks) {
    const startMs = performance.now();
    const blame = check.needs.map((id) => blamed.get(id)).find((id) => id !== undefined);
    if (stopped()) break;
    const finding = blame === undefined ? await look(check, subject, verdicts) : verdicts.notAsked(blame);
    // What an interruption cut off says nothing of the cloud.
    if (stopped() && !verdicts.isGood(finding)) break;
    const line = {
      check,
      finding,
      tookMs: blame === undefined ? Math.round(performance.now() - startMs) : null,
    };
    if (!verdicts.isGood(finding)) blamed.set(check.id, blame ?? check.id);
    lines.push(line);
    show(line);
  }
  return lines;
}

async function look<Subject, Finding>(
  check: Runnable<Subject, Finding>,
  subject: Subject,
  verdicts: Verdicts<Finding>,
): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(verdicts.late(checkDeadlineMs)), checkDeadlineMs);
  });
  try {
    return await Promise.race([check.look(subject), late]);
  } catch (error) {
    return verdicts.thrown(error);
  } finally {
    clearTimeout(timer);
  }
}
