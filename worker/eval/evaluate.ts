/** An evaluation: a model on labelled pictures, with the settings that published figures are measured with. */
import { defaultDetectionSettings, type DetectionSettings } from "../contract/settings";
import { infer } from "../detectImage";
import { ImageError } from "../failure";
import { decode } from "../image/decode";
import { openFolderSource } from "../io/folder";
import { loadModel, type Model, type ModelInfo } from "../model";
import { detectionsOf } from "../post/detections";
import { letterboxFor } from "../pre/modelInput";
import { precisionOf, type EvaluatedPicture, type Precision } from "./averagePrecision";
import { readLabels, type Label } from "./labels";
import { validationBoxesOf } from "./validationBoxes";

/** Ultralytics' `val`. Low scores count, since precision is measured over all recalls. */
export const evaluationSettings: DetectionSettings = {
  ...defaultDetectionSettings,
  confidence: 0.001,
  iou: 0.7,
  maxDetections: 300,
};

export interface EvaluateOptions {
  readonly model: string;
  readonly images: string;
  readonly labels: string;
}

export interface Evaluation {
  readonly model: ModelInfo;
  readonly precision: Precision;
  readonly pictures: number;
  readonly objects: number;
  /** Pictures without a label file: nothing is in them. */
  readonly unlabelled: number;
  /** Pictures that could not be read; they and their objects are not in the figures. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

/** Undefined: it was interrupted. Throws an Error of one sentence when model, pictures or labels cannot be used. */
export async function evaluate(
  options: EvaluateOptions,
  interrupted: AbortSignal,
  onPicture: (done: number, total: number) => void,
): Promise<Evaluation | undefined> {
  const source = await openFolderSource([options.images], "none");
  const labels = new Map<string, readonly Label[] | undefined>();
  for (const { name } of source.images) labels.set(name, await readLabels(options.labels, name));
  if ([...labels.values()].every((own) => own === undefined))
    throw new Error(
      `None of the ${labels.size} pictures in ${options.images} has labels in ${options.labels}.`,
    );

  const model = await loadModel(options.model);
  const pictures: EvaluatedPicture[] = [];
  const failed: { name: string; reason: string }[] = [];
  try {
    refuseOtherClasses(model.info, options, [...labels.values()]);
    for (const [index, image] of source.images.entries()) {
      if (interrupted.aborted) return undefined;
      try {
        pictures.push(await evaluated(model, await source.read(image), labels.get(image.name) ?? []));
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        failed.push({ name: image.name, reason: error.message });
      }
      onPicture(index + 1, source.images.length);
    }
  } finally {
    await model.release();
  }
  return {
    model: model.info,
    precision: precisionOf(pictures),
    pictures: pictures.length,
    objects: pictures.flatMap(({ objects }) => objects).length,
    unlabelled: [...labels.values()].filter((own) => own === undefined).length,
    failed,
  };
}

/** What the worker would write of the picture, and what is really in it. */
async function evaluated(
  model: Model,
  bytes: Uint8Array,
  labels: readonly Label[],
): Promise<EvaluatedPicture> {
  const picture = await decode(bytes, evaluationSettings.acceptTruncated);
  const boxes = validationBoxesOf(await infer(model, picture), evaluationSettings);
  const { width, height } = picture;
  return {
    objects: labels.map(({ class: number, box: { x1, y1, x2, y2 } }) => ({
      class: number,
      box: { x1: x1 * width, y1: y1 * height, x2: x2 * width, y2: y2 * height },
    })),
    findings: detectionsOf(boxes, picture, letterboxFor(picture, model.info), model.info.classNames),
  };
}

function refuseOtherClasses(
  { classNames }: ModelInfo,
  { labels: folder, model }: EvaluateOptions,
  labels: readonly (readonly Label[] | undefined)[],
): void {
  const highest = Math.max(...labels.flatMap((own) => (own ?? []).map((label) => label.class)), -1);
  // A model without names (final boxes) may have any number of classes.
  if (classNames.length > 0 && highest >= classNames.length)
    throw new Error(
      `The labels in ${folder} name class ${highest}, and ${model} has ${classNames.length} classes: they belong to another model.`,
    );
}
