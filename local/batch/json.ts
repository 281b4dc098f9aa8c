/** JSON of requests: text from outside as a value that is safe to walk through. */
import { invalidRequestBody } from "./errors";

/** Levels of lists and objects: more than any body of this API has, and few enough for all that goes through it recursively. */
const deepest = 64;

/** Undefined for no text. Throws InvalidRequestBody. */
export function parseJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  if (depthOf(text) > deepest) throw invalidRequestBody(`It is nested deeper than ${deepest} levels.`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw invalidRequestBody(error instanceof Error ? error.message : String(error));
  }
}

/** How deep the brackets outside of strings go. Of text that is no JSON it may be anything. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isInString && character === "\\") at += 1;
    else if (character === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (character === "[" || character === "{") most = Math.max(most, ++depth);
    else if (character === "]" || character === "}") depth -= 1;
  }
  return most;
}
