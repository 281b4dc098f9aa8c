/** summary.json: one shard (or one run of `npm run detect`) in numbers; unlike the results it may carry times. */
import { z } from "zod";
import { parseValue } from "./ndjson";

const summary = z.strictObject({
  version: z.literal(1),
  images: z.int(),
  done: z.int(),
  failed: z.int(),
  detections: z.int(),
  /** Class name → number of detections. */
  byClass: z.record(z.string(), z.int()),
  /** Failure code → number of images. */
  byFailure: z.record(z.string(), z.int()),
  seconds: z.number(),
  imagesPerSecond: z.number(),
  threads: z.int(),
  model: z.strictObject({ sha256: z.string(), inputHeight: z.int(), inputWidth: z.int(), classes: z.int() }),
  versions: z.record(z.string(), z.string()),
});

export type Summary = z.infer<typeof summary>;

export function parseSummary(value: unknown, where: string): Summary {
  return parseValue(summary, value, where);
}
