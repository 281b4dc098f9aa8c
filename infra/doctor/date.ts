/** Ends of support, and how far away they are. */

const dayMs = 86_400_000;
/** From when on an end is worth a warning: two quarters are enough to plan a change in. */
export const warnedDays = 180;

/** Whole days; negative once it is past. */
export function daysUntil(end: Date, today: Date): number {
  return Math.floor((end.getTime() - today.getTime()) / dayMs);
}

/** The day alone, in UTC as Azure's dates are. */
export const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
