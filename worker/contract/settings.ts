/** The detection settings: everything besides worker, runtime and model that decides what a picture yields. */
import { z } from "zod";

export const annotateModes = ["all", "none"] as const;

export const detectionSettings = z.strictObject({
  /** A detection is kept when its class score is above this (0–1). */
  confidence: z.number().min(0).max(1),
  /** NMS suppresses a box whose IoU with a better one of its class is above this (0–1). */
  iou: z.number().min(0).max(1),
  /** At most this many detections an image, the best first. */
  maxDetections: z.int().min(1).max(30_000),
  /** Which images get an annotated JPEG. */
  annotate: z.enum(annotateModes),
  /** A truncated picture is decoded as far as it goes instead of being an error line. */
  acceptTruncated: z.boolean(),
});

export type DetectionSettings = z.infer<typeof detectionSettings>;

export const defaultDetectionSettings: DetectionSettings = {
  confidence: 0.25,
  iou: 0.7,
  maxDetections: 300,
  annotate: "all",
  acceptTruncated: false,
};
