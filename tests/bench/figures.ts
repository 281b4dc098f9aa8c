/** Figures of a measurement as a table, each beside what is wanted of it. */

/** A number, and what is wanted of it where something is. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly wanted?: { readonly bound: "at least" | "at most"; readonly value: number };
}

export function figureTable(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  return figures
    .map(({ what, value, unit, wanted }) => {
      const number = `${what.padEnd(width)} ${value.toFixed(value < 10 ? 2 : 0).padStart(7)} ${unit}`;
      if (wanted === undefined) return number;
      const reached = wanted.bound === "at least" ? value >= wanted.value : value <= wanted.value;
      return `${number}   (wanted: ${wanted.bound} ${wanted.value} ${unit}: ${reached ? "reached" : "not reached"})`;
    })
    .join("\n");
}
