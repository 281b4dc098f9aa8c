/** How a report writes numbers and times. */

/** "12,400". */
export function grouped(count: number): string {
  return count.toLocaleString("en");
}

/** "1 picture", "12,400 pictures". */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
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
  return names.length > most ? `${shown} and ${grouped(names.length - most)} more` : shown;
}
