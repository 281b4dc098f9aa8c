/** Annotation: boxes and labels drawn into a picture, with the proportions of Ultralytics' plot(). */
import type { Detection } from "../contract/result";
import { roundHalfEven } from "../pre/round";
import type { RgbPicture } from "../pre/tensor";
import { fillRectangle } from "./canvas";
import type { TextStyle } from "./glyphMask";
import { coloursOf } from "./palette";
import { drawableText } from "./strokeFont";
import { drawText, textSize } from "./text";

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
  // In steps that no eye tells apart, so that photographs of about one size share their glyphs.
  const width = Math.round(Math.max(proportion(picture), 1.5) * 16) / 16;
  return {
    scale: width / 3,
    thickness: Math.max(lineWidthOf(picture) - 1, 1.4),
  };
}

/** Name and confidence; a class whose name the font cannot write shows its number. */
export function labelOf({ name, class: classNumber, confidence }: Detection): string {
  return `${drawableText(name) ?? `class ${classNumber}`} ${confidence.toFixed(2)}`;
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
  const start = [left + Math.floor(margin / 2), top + margin + size.capHeight] as const;
  drawText(picture, label, style, start, colours.text);
}

function wholePixels({ box }: Detection): Detection["box"] {
  return { x1: Math.trunc(box.x1), y1: Math.trunc(box.y1), x2: Math.trunc(box.x2), y2: Math.trunc(box.y2) };
}
