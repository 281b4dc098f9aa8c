/** One image through the detector: bytes, picture, tensor, boxes, annotated JPEG. */
import type { Detection } from "./contract/result";
import type { DetectionSettings } from "./contract/settings";
import { annotate } from "./draw/annotate";
import { failureOf } from "./failure";
import { decode, type DecodedPicture } from "./image/decode";
import type { Model } from "./model";
import { encodeJpeg } from "./out/jpeg";
import type { ImageOutcome } from "./outcome";
import { candidatesOf, type HeadOutput } from "./post/candidates";
import { detectionsOf } from "./post/detections";
import { suppress } from "./post/nms";
import { letterboxOf, type Letterbox } from "./pre/letterbox";
import { fillTensor, rgbUnit } from "./pre/tensor";

export interface Detector {
  /** Several may be under way: while one is inferred, the next is decoded and the last encoded. */
  detect(bytes: Uint8Array, wantsAnnotated: boolean): Promise<ImageOutcome>;
}

export function createDetector(model: Model, settings: DetectionSettings): Detector {
  // The model's input is one piece of memory: from filling it to reading the output, one image at a time.
  let free: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = free.then(work);
    free = result.catch(() => undefined);
    return result;
  };

  return {
    detect: async (bytes, wantsAnnotated) => {
      let stage: "decode" | "detect" | "annotate" = "decode";
      try {
        const picture = await decode(bytes, settings.acceptTruncated);
        stage = "detect";
        const detections = await inTurn(async () =>
          detectionsIn(await infer(model, picture), picture, model, settings),
        );
        stage = "annotate";
        const { width, height, truncated } = picture;
        const wanted = wantsAnnotated && (settings.annotate !== "positives" || detections.length > 0);
        const jpeg = wanted ? await annotatedJpeg(picture, detections) : null;
        return { kind: "done", width, height, truncated, detections, jpeg };
      } catch (error) {
        return { kind: "failed", failure: failureOf(error, stage) };
      }
    },
  };
}

/** The model's raw answer to a picture. */
export function infer(model: Model, picture: DecodedPicture): Promise<HeadOutput> {
  fillTensor(model.input, picture, letterboxFor(model, picture), rgbUnit);
  return model.run();
}

export function detectionsIn(
  output: HeadOutput,
  picture: DecodedPicture,
  model: Model,
  settings: DetectionSettings,
): Detection[] {
  const kept = suppress(candidatesOf(output, settings.confidence), settings.iou, settings.maxDetections);
  return detectionsOf(kept, picture, letterboxFor(model, picture), model.info.classNames);
}

/** Draws into the decoded picture itself: nobody needs it after that. */
function annotatedJpeg(picture: DecodedPicture, detections: readonly Detection[]): Promise<Buffer> {
  annotate(picture, detections);
  return encodeJpeg(picture);
}

function letterboxFor({ info }: Model, picture: DecodedPicture): Letterbox {
  return letterboxOf(picture, { width: info.inputWidth, height: info.inputHeight });
}
