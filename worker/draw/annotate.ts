/** Annotation: boxes and labels drawn into a picture, with the proportions of Ultralytics' plot(). */
import type { Detection } from "../contract/result";
import { roundHalfEven } from "../pre/round";
import type { RgbPicture } from "../pre/tensor";
import { fillMask, fillRectangle } from "./canvas";
import { coloursOf } from "./palette";
import { textMask, textSize, type TextStyle } from "./strokeFont";

/** Draws in place, the best detection last, so that it lies on top. */
export function annotate(picture: RgbPicture, detections: readonly Detection[]): void {
  const lineWidth = lineWidthOf(picture);
  for (const detection of detections.toReversed()) {
    drawBox(picture, detection, lineWidth);
    drawLabel(picture, detection, lineWidth);
  }
}

/** Ultralytics plotting: 0.003 of the mean of height and width (and the 3 of the channels), at least 2 pixels. */
export function lineWidthOf(picture: RgbPicture): number {
  return Math.max(roundHalfEven(proportion(picture)), 2);
}

function proportion({ width, height }: RgbPicture): number {
  return ((height + width + 3) / 2) * 0.003;
}

/** OpenCV's scale of a third of the line width; on small pictures text stays smaller than lines ask for, but readable. */
function textStyleOf(picture: RgbPicture): TextStyle {
  return {
    scale: Math.max(proportion(picture), 1.5) / 3,
    thickness: Math.max(lineWidthOf(picture) - 1, 1.4),
  };
}

export function labelOf({ name, confidence }: Detection): string {
  return `${name} ${confidence.toFixed(2)}`;
}

/** The outline lies centred on the box's edge; corners are cut to whole pixels, as Ultralytics does. */
function drawBox(picture: RgbPicture, detection: Detection, lineWidth: number): void {
  const { box } = coloursOf(detection.class);
  const { x1, y1, x2, y2 } = wholePixels(detection);
  const out = Math.floor(lineWidth / 2);
  const inner = lineWidth - out;
  const [left, top, right, bottom] = [x1 - out, y1 - out, x2 + inner, y2 + inner];
  fillRectangle(picture, [left, top, right, y1 + inner], box);
  fillRectangle(picture, [left, y2 - out, right, bottom], box);
  fillRectangle(picture, [left, top, x1 + inner, bottom], box);
  fillRectangle(picture, [x2 - out, top, right, bottom], box);
}

/** Above the box where there is room, inside it otherwise; moved left at the right edge. */
function drawLabel(picture: RgbPicture, detection: Detection, lineWidth: number): void {
  const colours = coloursOf(detection.class);
  const label = labelOf(detection);
  const style = textStyleOf(picture);
  const size = textSize(label, style);
  const margin = Math.ceil(lineWidth * 1.5);
  const height = size.capHeight + 2 * margin;
  const width = size.width + margin;

  const { x1, y1 } = wholePixels(detection);
  const left = Math.max(0, Math.min(x1 - Math.floor(lineWidth / 2), picture.width - width));
  const top = y1 >= height ? y1 - height : Math.max(0, y1);
  fillRectangle(picture, [left, top, left + width, top + height], colours.box);
  const { mask, baselineY, inset } = textMask(label, style);
  const penX = left + Math.floor(margin / 2);
  fillMask(picture, mask, penX - inset, top + margin + size.capHeight - baselineY, colours.text);
}

function wholePixels({ box }: Detection): Detection["box"] {
  return { x1: Math.trunc(box.x1), y1: Math.trunc(box.y1), x2: Math.trunc(box.x2), y2: Math.trunc(box.y2) };
}
