/** Detections: kept candidates in pixels of the source picture, named and rounded. */
import type { Detection } from "../contract/result";
import type { Letterbox, Size } from "../pre/letterbox";
import { roundHalfEven } from "../pre/round";
import type { Candidate } from "./candidates";

const { fround } = Math;

export function detectionsOf(
  kept: readonly Candidate[],
  picture: Size,
  letterbox: Letterbox,
  classNames: readonly string[],
): Detection[] {
  const toSource = scaleBack(picture, letterbox);
  return kept.map((candidate) => ({
    name: classNames[candidate.class] ?? `class${candidate.class}`,
    class: candidate.class,
    confidence: round5(candidate.score),
    box: {
      x1: round5(toSource.x(candidate.x1)),
      y1: round5(toSource.y(candidate.y1)),
      x2: round5(toSource.x(candidate.x2)),
      y2: round5(toSource.y(candidate.y2)),
    },
  }));
}

/** Ultralytics scale_boxes: minus the padding, divided by the gain, clipped; in float32. */
function scaleBack(
  picture: Size,
  { left, top, gainX, gainY }: Letterbox,
): Record<"x" | "y", (value: number) => number> {
  const axis = (size: number, padding: number, gain: number) => {
    const divisor = fround(gain);
    return (value: number) => Math.min(Math.max(fround(fround(value - padding) / divisor), 0), size);
  };
  return { x: axis(picture.width, left, gainX), y: axis(picture.height, top, gainY) };
}

/**
 * Python's round(value, 5): to the nearest, exact ties to even. toFixed is exact too, but takes ties up. A binary fraction
 * is a tie at the sixth decimal only when it is an odd multiple of 1/64.
 */
export function round5(value: number): number {
  const isTie = Number.isInteger(value * 64) && (value * 64) % 2 !== 0;
  return isTie ? roundHalfEven(value * 1e5) / 1e5 : Number(value.toFixed(5));
}
