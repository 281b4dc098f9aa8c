/** What became of one image when it failed: data for its line of the results, never the end of a run. */
import type { ImageFailure } from "./contract/result";

export class ImageError extends Error {
  constructor(
    readonly stage: ImageFailure["stage"],
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The failure of an image; an error that nobody foresaw is one too, with the code `unexpected`. */
export function failureOf(error: unknown, stage: ImageFailure["stage"]): ImageFailure {
  if (error instanceof ImageError) return { stage: error.stage, code: error.code, message: error.message };
  return { stage, code: "unexpected", message: messageOf(error) };
}

/** First line of an error's message. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? text;
}
