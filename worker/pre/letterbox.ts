/** The letterbox: where a picture lies inside the model's input when it is scaled to fit and centred. */
import { roundHalfEven } from "./round";

export type Size = { readonly width: number; readonly height: number };

export type Letterbox = {
  readonly input: Size;
  /** Size of the scaled picture. */
  readonly scaled: Size;
  /** Padding above and left of it; the rest lies below and right. */
  readonly top: number;
  readonly left: number;
};

/**
 * Ultralytics LetterBox, square form (a static ONNX export always gets it): ratio = min(H/h, W/w), scaling up allowed; Python's
 * round (half to even) on doubles. A side that would vanish (a 1×5000 picture) stays 1 pixel, where cv2.resize throws.
 */
export function letterboxOf(picture: Size, input: Size): Letterbox {
  const ratio = Math.min(input.height / picture.height, input.width / picture.width);
  const scaled = {
    width: Math.max(1, roundHalfEven(picture.width * ratio)),
    height: Math.max(1, roundHalfEven(picture.height * ratio)),
  };
  return {
    input,
    scaled,
    top: roundHalfEven((input.height - scaled.height) / 2 - 0.1),
    left: roundHalfEven((input.width - scaled.width) / 2 - 0.1),
  };
}
