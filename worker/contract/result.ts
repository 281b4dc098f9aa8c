/** One line of results.ndjson: what became of one image. Same input, same bytes: no timings, no dates. */
import { z } from "zod";
import { parseLine } from "./ndjson";

/** Where an image failed. `read`: the blob or file; `decode`: the picture; `detect`: the model; `annotate`, `write`: the outputs. */
export const failureStages = ["read", "decode", "detect", "annotate", "write"] as const;

const detection = z.strictObject({
  name: z.string(),
  class: z.int().nonnegative(),
  /** Rounded to 5 decimals, as the values of Ultralytics' `summary()`. */
  confidence: z.number(),
  /** Corners in pixels of the upright source image, rounded to 5 decimals. */
  box: z.strictObject({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() }),
});

const doneLine = z.strictObject({
  version: z.literal(1),
  image: z.strictObject({
    name: z.string(),
    /** Null for a file that was not read from a container. */
    etag: z.string().nullable(),
    bytes: z.int(),
    width: z.int(),
    height: z.int(),
    /** Set on a truncated picture that was accepted and decoded as far as it goes. */
    truncated: z.literal(true).optional(),
  }),
  detections: z.array(detection),
  /** Name of the annotated JPEG in the output, or null where there is none. */
  annotated: z.string().nullable(),
});

const failedLine = z.strictObject({
  version: z.literal(1),
  image: z.strictObject({ name: z.string(), etag: z.string().nullable() }),
  error: z.strictObject({
    stage: z.enum(failureStages),
    /** Stable and short, for machines: `missing`, `changed`, `empty`, `truncated`, `too-large`, `not-an-image`, … */
    code: z.string(),
    /** One sentence for people. */
    message: z.string(),
  }),
});

const resultLine = z.union([doneLine, failedLine]);

export type Detection = z.infer<typeof detection>;
export type DoneLine = z.infer<typeof doneLine>;
export type FailedLine = z.infer<typeof failedLine>;
export type ResultLine = z.infer<typeof resultLine>;
export type ImageFailure = FailedLine["error"];

export function isFailed(line: ResultLine): line is FailedLine {
  return "error" in line;
}

export function formatResult(line: ResultLine): string {
  return JSON.stringify(line) + "\n";
}

/** Throws an Error that starts with `where` ("results.ndjson line 3"). */
export function parseResult(line: string, where: string): ResultLine {
  return parseLine(resultLine, line, where);
}
