/** Failures in words: what became of one image (data for its line of the results), and why a system call did not work. */
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

/** Code of a failed system call ("ENOENT"), as Node's file functions carry it; undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? code : undefined;
}

/** Why a file or folder could not be used, as the end of a sentence. */
export function fileReasonOf(error: unknown): string {
  const code = systemCodeOf(error);
  return (code === undefined ? undefined : fileReasons[code]) ?? messageOf(error);
}

const fileReasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "a file is in its place",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "it does not exist",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is in the place of a folder above it",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
};
