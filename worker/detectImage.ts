/** One image through the detector: bytes, picture, tensor, boxes, annotated JPEG. */
import type { Detection } from "./contract/result";
import type { DetectionSettings } from "./contract/settings";
import { annotate } from "./draw/annotate";
import { failureOf } from "./failure";
import { decode, type DecodedPicture } from "./image/decode";
import type { Model } from "./model";
import { classNumbers } from "./onnx/classNumbers";
import { encodeJpeg } from "./out/jpeg";
import type { ImageOutcome } from "./outcome";
import { boxesOf, type BoxFilter } from "./post/boxes";
import { detectionsOf } from "./post/detections";
import type { HeadOutput } from "./post/headOutput";
import { letterboxFor } from "./pre/modelInput";

export interface Detector {
  /**
   * One after another, each from its bytes to its JPEG: every core has a process like this, so that a decoder beside the inference
   * would only take its time and its cache (measured: 3 % slower), and a second picture its memory.
   */
  detect(bytes: Uint8Array, wantsAnnotated: boolean): Promise<ImageOutcome>;
}

/** Throws an Error of one sentence when the settings name a class that the model does not know. */
export function createDetector(model: Model, settings: DetectionSettings): Detector {
  const filter = filterOf(model, settings);
  const outcomeOf = async (bytes: Uint8Array, wantsAnnotated: boolean): Promise<ImageOutcome> => {
    let stage: "decode" | "detect" | "annotate" = "decode";
    try {
      const picture = await decode(bytes, settings.acceptTruncated);
      stage = "detect";
      const detections = detectionsIn(await infer(model, picture), picture, model, filter);
      stage = "annotate";
      const { width, height, truncated } = picture;
      const wanted = wantsAnnotated && (settings.annotate !== "positives" || detections.length > 0);
      const jpeg = wanted ? await annotatedJpeg(picture, detections) : null;
      return { kind: "done", width, height, truncated, detections, jpeg };
    } catch (error) {
      return { kind: "failed", failure: failureOf(error, stage) };
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    detect: (bytes, wantsAnnotated) => {
      const outcome = last.then(() => outcomeOf(bytes, wantsAnnotated));
      last = outcome;
      return outcome;
    },
  };
}

export function filterOf({ info }: Model, settings: DetectionSettings): BoxFilter {
  return { ...settings, wanted: classNumbers(settings.classes, info.classNames) };
}

/** The model's raw answer to a picture. */
export function infer(model: Model, picture: DecodedPicture): Promise<HeadOutput> {
  model.fill(picture, letterboxFor(picture, model.info));
  return model.run();
}

export function detectionsIn(
  output: HeadOutput,
  picture: DecodedPicture,
  { info }: Model,
  filter: BoxFilter,
): Detection[] {
  return detectionsOf(boxesOf(output, filter), picture, letterboxFor(picture, info), info.classNames);
}

/** Draws into the decoded picture itself: nobody needs it after that. */
function annotatedJpeg(picture: DecodedPicture, detections: readonly Detection[]): Promise<Buffer> {
  annotate(picture, detections);
  return encodeJpeg(picture);
}
