/** How a model wants a picture: where it lies in the input and what its pixels become. */
import type { ModelDescription } from "../onnx/describe";
import { toHalf } from "./half";
import { cornerOf, letterboxOf, rectangleOf, type Letterbox, type Size } from "./letterbox";
import { rgbUnit, type PixelEncoding } from "./tensor";

export function letterboxFor(picture: Size, model: ModelDescription): Letterbox {
  const input = { width: model.inputWidth, height: model.inputHeight };
  if (model.layout === "yolox") return cornerOf(picture, input);
  return model.isDynamic ? rectangleOf(picture, input, model.stride) : letterboxOf(picture, input);
}

/** YOLOX preproc: blue first, levels as they are. */
const bgrLevels: PixelEncoding = {
  divisor: 1,
  levels: Float32Array.from({ length: 256 }, (_, level) => level),
  firstChannel: 2,
};

export function encodingOf({ layout, elementType }: ModelDescription): PixelEncoding {
  const encoding = layout === "yolox" ? bgrLevels : rgbUnit;
  return elementType === "float32"
    ? encoding
    : { ...encoding, levels: Uint16Array.from(encoding.levels, toHalf) };
}
