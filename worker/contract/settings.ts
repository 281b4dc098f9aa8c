/** The detection settings: everything besides worker, runtime and model that decides what a picture yields. */
import { z } from "zod";

/** `positives`: images in which something was found. A number is a share of all images, chosen by name. */
export const annotateModes = ["all", "positives", "none"] as const;

export const detectionSettings = z.strictObject({
  /** A detection is kept when its class score is above this (0–1). */
  confidence: z.number().min(0).max(1),
  /** NMS suppresses a box whose IoU with a better one of its class is above this (0–1). */
  iou: z.number().min(0).max(1),
  /** At most this many detections an image, the best first. */
  maxDetections: z.int().min(1).max(30_000),
  /** Only detections of these classes are kept, each a class's name or number; empty: of all classes. */
  classes: z.array(z.string()),
  /** NMS lets a box suppress boxes of other classes too. */
  agnostic: z.boolean(),
  /** Which images get an annotated JPEG. */
  annotate: z.union([z.enum(annotateModes), z.number().gt(0).lt(1)]),
  /** A truncated picture is decoded as far as it goes instead of being an error line. */
  acceptTruncated: z.boolean(),
});

export type DetectionSettings = z.infer<typeof detectionSettings>;

/** `annotate` as a person writes it; undefined when it is neither a mode nor a share between 0 and 1. */
export function annotateOf(text: string): DetectionSettings["annotate"] | undefined {
  const mode = annotateModes.find((name) => name === text);
  if (mode !== undefined) return mode;
  const share = text.trim() === "" ? NaN : Number(text);
  return share > 0 && share < 1 ? share : undefined;
}

export const defaultDetectionSettings: DetectionSettings = {
  confidence: 0.25,
  iou: 0.7,
  maxDetections: 300,
  classes: [],
  agnostic: false,
  annotate: "all",
  acceptTruncated: false,
};
