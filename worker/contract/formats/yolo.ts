/** YOLO labels: a text file for an image, a line for a box, as Ultralytics' save_txt writes them and labelling tools read them. */
import type { DoneLine } from "../result";
import { distinctNames, withoutExtension } from "./shortName";

const { fround } = Math;

/** `labels/<path>.txt` for each image, in the same order; where two images differ only by extension, theirs stay: `labels/a.png.txt`. */
export function yoloNames(images: readonly string[]): string[] {
  return distinctNames(images, withoutExtension).map((name) => `labels/${name}.txt`);
}

/** `class x y width height [confidence]`: the box's centre and size as shares of the picture, computed in float32; "" without detections. */
export function yoloText({ image, detections }: DoneLine, withConfidence: boolean): string {
  return detections
    .map(({ class: number, confidence, box }) => {
      const [x1, y1, x2, y2] = [fround(box.x1), fround(box.y1), fround(box.x2), fround(box.y2)];
      const shares = [
        fround(fround(x1 + x2) / 2) / image.width,
        fround(fround(y1 + y2) / 2) / image.height,
        fround(x2 - x1) / image.width,
        fround(y2 - y1) / image.height,
      ].map(fround);
      const values = withConfidence ? [...shares, confidence] : shares;
      return `${[String(number), ...values.map(general)].join(" ")}\n`;
    })
    .join("");
}

/** C's `%g`: six significant digits, ties to even, no trailing zeros, an exponent below 0.0001. For 0 and positive numbers below 100,000. */
export function general(value: number): string {
  const [digits, exponent] = sixDigits(value);
  if (exponent >= -4) return String(Number(`${digits}e${exponent}`));
  return `${String(Number(digits))}e-${String(-exponent).padStart(2, "0")}`;
}

/** "d.ddddd" and the power of ten. */
function sixDigits(value: number): [digits: string, exponent: number] {
  // 60 digits are all that a float32 between 1e-6 and 100,000 has: a tie shows as zeros to the end.
  const tieDownToEven = /^(\d\.\d{4}[02468])50*e(.+)$/.exec(value.toExponential(60));
  const [digits, exponent] = tieDownToEven?.slice(1) ?? value.toExponential(5).split("e");
  return [digits!, Number(exponent)];
}
