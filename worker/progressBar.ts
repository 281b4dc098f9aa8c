/** Progress of `detect` on a terminal: one line that is redrawn, with sentences about failed images left above it. */
import type { Colors } from "picocolors/types";
import { isFailed } from "./contract/result";
import { progressLine, type Progress } from "./detect";

export interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

const redrawEveryMs = 100;
const eraseLine = "\r\u001b[K";
const widestBar = 30;
/** Below this a bar says less than nothing. */
const narrowestBar = 8;

export class ProgressBar {
  #drawnMs = -Infinity;

  constructor(
    readonly terminal: Terminal,
    readonly colours: Colors,
  ) {}

  show(progress: Progress, atMs: number): void {
    if (isFailed(progress.line)) {
      this.terminal.write(`${eraseLine}${progressLine(progress)}\n`);
      this.#drawnMs = -Infinity;
    }
    if (atMs - this.#drawnMs < redrawEveryMs && progress.done < progress.total) return;
    this.#drawnMs = atMs;
    this.terminal.write(eraseLine + barLine(progress, this.terminal.columns ?? 80, this.colours.cyan));
  }

  end(): void {
    this.terminal.write(eraseLine);
  }
}

/** `█████▌      132/400  33 %  18.4 images/s  0:15 left`, never wider than the terminal; what matters least goes first. */
export function barLine(
  { done, total, imagesPerSecond }: Omit<Progress, "line">,
  columns: number,
  colour: (text: string) => string,
): string {
  const room = columns - 1; // a full line would wrap
  const count = `${String(done).padStart(String(total).length)}/${total}`;
  const facts = [
    count,
    `${String(Math.floor((100 * done) / total)).padStart(3)} %`,
    `${imagesPerSecond.toFixed(1)} images/s`,
    `${clock((total - done) / imagesPerSecond)} left`,
  ];
  while (facts.length > 1 && facts.join("  ").length > room) facts.pop();
  const text = facts.join("  ").slice(0, Math.max(0, room));
  const width = Math.min(widestBar, room - text.length - 2);
  return width < narrowestBar ? text : `${bar(done / total, width, colour)}  ${text}`;
}

/** In eighths of a column. */
function bar(share: number, width: number, colour: (text: string) => string): string {
  const eighths = Math.round(share * width * 8);
  const filled = "█".repeat(eighths >> 3) + (eighths & 7 ? "▏▎▍▌▋▊▉"[(eighths & 7) - 1]! : "");
  return colour(filled) + " ".repeat(width - filled.length);
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  const rest = twoDigits(whole % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${rest}` : `${minutes}:${rest}`;
}
