/** The letterbox: where a picture lies inside the model's input when it is scaled to fit. */
import { roundHalfEven } from "./round";

export type Size = { readonly width: number; readonly height: number };

export type Letterbox = {
  readonly input: Size;
  /** Size of the scaled picture. */
  readonly scaled: Size;
  /** Padding above and left of it; the rest lies below and right. */
  readonly top: number;
  readonly left: number;
  /** Pixels of the input per pixel of the picture, on each axis. */
  readonly gainX: number;
  readonly gainY: number;
};

/**
 * Ultralytics LetterBox, square form (a static ONNX export always gets it): ratio = min(H/h, W/w), scaling up allowed; Python's
 * round (half to even) on doubles. A side that would vanish (a 1×5000 picture) stays 1 pixel, where cv2.resize throws.
 * The gain is that of the scaled picture's whole pixels (Ultralytics 8.4 scale_boxes), so each axis has its own.
 */
export function letterboxOf(picture: Size, input: Size): Letterbox {
  return centred(picture, scaledBy(ratioOf(picture, input), picture, roundHalfEven), input);
}

/** Ultralytics LetterBox, rectangular form (`auto`, what a dynamic model gets): padded only to the next multiple of the stride. */
export function rectangleOf(picture: Size, largest: Size, stride: number): Letterbox {
  const scaled = scaledBy(ratioOf(picture, largest), picture, roundHalfEven);
  return centred(picture, scaled, {
    width: scaled.width + ((largest.width - scaled.width) % stride),
    height: scaled.height + ((largest.height - scaled.height) % stride),
  });
}

/** YOLOX preproc: at the top left, its size cut to whole pixels; one gain for both axes. */
export function cornerOf(picture: Size, input: Size): Letterbox {
  const ratio = ratioOf(picture, input);
  const scaled = scaledBy(ratio, picture, Math.trunc);
  return { input, scaled, top: 0, left: 0, gainX: ratio, gainY: ratio };
}

function ratioOf(picture: Size, input: Size): number {
  return Math.min(input.height / picture.height, input.width / picture.width);
}

function scaledBy(ratio: number, picture: Size, whole: (size: number) => number): Size {
  return {
    width: Math.max(1, whole(picture.width * ratio)),
    height: Math.max(1, whole(picture.height * ratio)),
  };
}

function centred(picture: Size, scaled: Size, input: Size): Letterbox {
  return {
    input,
    scaled,
    top: roundHalfEven((input.height - scaled.height) / 2 - 0.1),
    left: roundHalfEven((input.width - scaled.width) / 2 - 0.1),
    gainX: scaled.width / picture.width,
    gainY: scaled.height / picture.height,
  };
}
