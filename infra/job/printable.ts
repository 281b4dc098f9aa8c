/** What may be printed on a terminal of a text from outside. */
import { stripVTControlCharacters } from "node:util";

/** A blob's name may hold anything, control sequences of terminals included. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what it is about
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, "�");
}
