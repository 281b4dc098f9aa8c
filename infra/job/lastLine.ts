/** The last line with text in it; null when there is none. */
export function lastLine(text: string): string | null {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "") ?? null;
}
