/** Colours are for terminals. picocolors' own choice also colours what CI captures. */
import pc from "picocolors";
import type { Colors } from "picocolors/types";

/** `NO_COLOR` (no-color.org) wins over the terminal when it is set to anything. */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  { NO_COLOR = "" }: Readonly<Record<string, string | undefined>>,
): Colors {
  return pc.createColors(stream.isTTY === true && NO_COLOR === "");
}
