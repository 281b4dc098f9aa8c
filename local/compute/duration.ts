/** ISO 8601 durations as Batch reads and writes them. */

/** What the service shows for "no limit": .NET's TimeSpan.MaxValue. */
export const infiniteDuration = "P10675199DT2H48M5.4775807S";

const pattern =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const msOf = { day: 86_400_000, hour: 3_600_000, minute: 60_000 };
const infiniteMs = 10_675_199 * msOf.day;

/** Milliseconds of a duration, Infinity for the service's maximum, undefined when the text is none. A year is 365 days, a month 30. */
export function durationMs(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null || text === "P") return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  const wholeDays = years! * 365 + months! * 30 + weeks! * 7 + days!;
  const ms = wholeDays * msOf.day + hours! * msOf.hour + minutes! * msOf.minute + seconds! * 1000;
  return ms >= infiniteMs ? Infinity : ms;
}

/** The service's own spelling (recorded: `PT06M00S` comes back as `PT6M`, `P3Y6M4DT12H30M5S` as `P1279DT12H30M5S`). */
export function normalDuration(text: string): string | undefined {
  const ms = durationMs(text);
  if (ms === undefined) return undefined;
  if (ms === Infinity) return infiniteDuration;
  const part = (amount: number, unit: string): string => (amount === 0 ? "" : `${amount}${unit}`);
  const days = part(Math.floor(ms / msOf.day), "D");
  const time =
    part(Math.floor((ms % msOf.day) / msOf.hour), "H") +
    part(Math.floor((ms % msOf.hour) / msOf.minute), "M") +
    part((ms % msOf.minute) / 1000, "S");
  if (days === "" && time === "") return "PT0S";
  return `P${days}${time === "" ? "" : `T${time}`}`;
}

/** The longest delay of a Node timer; longer ones fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Calls back after any number of milliseconds (Infinity: never). The timer keeps no process alive. Returns how to cancel it. */
export function after(delayMs: number, act: () => void): () => void {
  if (delayMs === Infinity) return () => undefined;
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    timer =
      leftMs > longestTimerMs
        ? setTimeout(() => arm(leftMs - longestTimerMs), longestTimerMs)
        : setTimeout(act, Math.max(0, leftMs));
    timer.unref();
  };
  arm(delayMs);
  return () => clearTimeout(timer);
}
