/** A line of progress: redrawn in place on a terminal; in a pipe or CI a plain line every few seconds. */

export interface Sink {
  readonly columns?: number;
  write(text: string): unknown;
}

export interface LiveLine {
  show(line: string, atMs: number): void;
  /** A sentence that stays. */
  say(sentence: string): void;
  end(): void;
}

const eraseLine = "\r\u001b[2K";
const plainPauseMs = 5_000;

export function redrawnLine(sink: Sink): LiveLine {
  let shown = "";
  const draw = (): unknown => sink.write(eraseLine + shown);
  return {
    show: (line) => {
      shown = line.slice(0, Math.max(20, (sink.columns ?? 80) - 1));
      draw();
    },
    say: (sentence) => {
      sink.write(`${eraseLine}${sentence}\n`);
      draw();
    },
    end: () => {
      if (shown !== "") sink.write("\n");
      shown = "";
    },
  };
}

/** Repeats nothing, and says no more than one thing every few seconds; the last state is never left out. */
export function plainLines(sink: Sink): LiveLine {
  let written = "";
  let writtenMs = -Infinity;
  let latest = "";
  const write = (line: string): void => {
    if (line !== written) sink.write(`${line}\n`);
    written = line;
  };
  return {
    show: (line, atMs) => {
      latest = line;
      if (atMs - writtenMs < plainPauseMs) return;
      write(line);
      writtenMs = atMs;
    },
    say: (sentence) => sink.write(`${sentence}\n`),
    end: () => write(latest),
  };
}
