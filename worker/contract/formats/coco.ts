/** COCO's results format: an array with an object for each box, as pycocotools' loadRes reads it. */
import type { DoneLine } from "../result";
import { distinctNames, withoutExtension } from "./shortName";

export interface CocoResult {
  readonly image_id: number | string;
  /** Not COCO's own, which ignores it: the image's whole name. */
  readonly file_name: string;
  readonly category_id: number;
  /** Left, top, width, height in pixels. */
  readonly bbox: readonly [number, number, number, number];
  readonly score: number;
}

/** Of each image, in the same order: a numeric stem as a number ("000000000139.jpg" → 139), another stem as it is; the whole name where two images would share one. */
export function cocoImageIds(images: readonly string[]): (number | string)[] {
  const idOf = (image: string): string => {
    const stem = withoutExtension(image).split("/").at(-1)!;
    return isNumeric(stem) ? String(Number(stem)) : stem;
  };
  return distinctNames(images, idOf).map((id) => (isNumeric(id) ? Number(id) : id));
}

/** `bbox` to 3 decimals and `score` to 5, as Ultralytics' validator writes them. */
export function cocoResults(
  { image, detections }: DoneLine,
  imageId: number | string,
  categoryOf: (classNumber: number) => number,
): CocoResult[] {
  return detections.map(({ class: classNumber, confidence, box: { x1, y1, x2, y2 } }) => ({
    image_id: imageId,
    file_name: image.name,
    category_id: categoryOf(classNumber),
    bbox: [rounded(x1, 3), rounded(y1, 3), rounded(x2 - x1, 3), rounded(y2 - y1, 3)],
    score: rounded(confidence, 5),
  }));
}

/**
 * Class number → category id: COCO's own ids (1–90, with gaps) where the model has COCO's 80 classes by name and number, otherwise
 * the class number + 1. `named` are the classes whose names are known: all of a model, or those that were found.
 */
export function cocoCategories(
  classes: number,
  named: Iterable<readonly [classNumber: number, name: string]>,
): (classNumber: number) => number {
  const isCoco = classes === cocoClasses.length && [...named].every(([at, name]) => cocoClasses[at] === name);
  return isCoco ? (at) => cocoIds[at]! : (at) => at + 1;
}

function isNumeric(text: string): boolean {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text));
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** COCO 2014/2017, in the order of the 80 that models are trained on. */
const cocoClasses = (
  "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,bird," +
  "cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball," +
  "kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple," +
  "sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse," +
  "remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush"
).split(",");

/** Ids of the 91 categories COCO planned that no picture was labelled with. */
const unusedIds = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83, 91]);
const cocoIds = Array.from({ length: 91 }, (_, index) => index + 1).filter((id) => !unusedIds.has(id));
