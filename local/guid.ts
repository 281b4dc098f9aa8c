/** Ids of the local cloud that depend on a text alone, so that a restarted one has the same. */
import { createHash } from "node:crypto";

export function guidFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  // RFC 9562: version 8 (custom), variant 10.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
