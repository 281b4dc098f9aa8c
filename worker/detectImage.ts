/** One image through the detector: bytes, picture, tensor, boxes, annotated JPEG. */
import type { Detection } from "./contract/result";
import type { DetectionSettings } from "./contract/settings";
import { annotate } from "./draw/annotate";
import { failureOf } from "./failure";
import { openPicture, type DecodedPicture } from "./image/decode";
import type { Model } from "./model";
import { classNumbers } from "./onnx/classNumbers";
import { encodeJpeg } from "./out/jpeg";
import type { ImageOutcome } from "./outcome";
import { PixelBudget } from "./pixelBudget";
import { boxesOf, type BoxFilter } from "./post/boxes";
import { detectionsOf } from "./post/detections";
import type { HeadOutput } from "./post/headOutput";
import { letterboxFor } from "./pre/modelInput";

export interface Detector {
  /** Several may be under way: while one is inferred, the next is decoded and the last encoded. */
  detect(bytes: Uint8Array, wantsAnnotated: boolean): Promise<ImageOutcome>;
}

/** Of a process: three pictures of a telephone, or one up to the limit of a picture. */
const pixelsAtOnce = 40_000_000;

/** Throws an Error of one sentence when the settings name a class that the model does not know. */
export function createDetector(model: Model, settings: DetectionSettings): Detector {
  const filter = filterOf(model, settings);
  // The model's input is one piece of memory: from filling it to reading the output, one image at a time.
  let free: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = free.then(work);
    free = result.catch(() => undefined);
    return result;
  };

  const budget = new PixelBudget(pixelsAtOnce);
  return {
    detect: async (bytes, wantsAnnotated) => {
      let stage: "decode" | "detect" | "annotate" = "decode";
      let giveBack = (): void => undefined;
      try {
        const opened = await openPicture(bytes);
        giveBack = await budget.take(opened.pixels);
        const picture = await opened.decode(settings.acceptTruncated);
        stage = "detect";
        const detections = await inTurn(async () =>
          detectionsIn(await infer(model, picture), picture, model, filter),
        );
        stage = "annotate";
        const { width, height, truncated } = picture;
        const wanted = wantsAnnotated && (settings.annotate !== "positives" || detections.length > 0);
        const jpeg = wanted ? await annotatedJpeg(picture, detections) : null;
        return { kind: "done", width, height, truncated, detections, jpeg };
      } catch (error) {
        return { kind: "failed", failure: failureOf(error, stage) };
      } finally {
        giveBack();
      }
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
