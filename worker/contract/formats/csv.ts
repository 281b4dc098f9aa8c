/** CSV for spreadsheets and data frames: a header and a row for each box, by RFC 4180. */
import type { DoneLine } from "../result";

const columns = ["image", "width", "height", "class", "name", "confidence", "x1", "y1", "x2", "y2"];

export const csvHeader = row(columns);

/** Images without a detection have no row; coordinates are pixels of the upright picture. */
export function csvRows({ image, detections }: DoneLine): string[] {
  return detections.map(({ class: number, name, confidence, box: { x1, y1, x2, y2 } }) =>
    row([image.name, image.width, image.height, number, name, confidence, x1, y1, x2, y2]),
  );
}

function row(values: readonly (string | number)[]): string {
  return `${values.map((value) => (typeof value === "number" ? String(value) : textCell(value))).join(",")}\r\n`;
}

/** Anybody may have named the image: what a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises. */
function textCell(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
