/** How numbers, sizes and times are written, for people. Pure. */

/** "12,400". */
export function numberText(count: number): string {
  return count.toLocaleString("en-US");
}

/** "1 picture", "12,400 pictures". */
export function plural(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** "12.3", "0.042". */
export function rateText(perSecond: number): string {
  return perSecond >= 1 || perSecond === 0 ? perSecond.toFixed(1) : perSecond.toPrecision(2);
}

/** "2026-01-31 09:30 UTC". */
export function minuteOf(isoTime: string): string {
  return `${isoTime.slice(0, 16).replace("T", " ")} UTC`;
}

/** "a, b and 3 more". */
export function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${numberText(names.length - most)} more` : shown;
}

/** "12 B", "3.4 MB", "1.2 GB". */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]!}`;
}

/** The first lines, and how many more there are. */
export function firstOf(lines: readonly string[], most: number): string[] {
  const more = lines.length - most;
  return more > 0 ? [...lines.slice(0, most), `… and ${numberText(more)} more.`] : [...lines];
}
