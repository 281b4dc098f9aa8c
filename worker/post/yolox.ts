/** Candidates of a YOLOX head: its boxes are relative to the cells of three grids. */
import type { Candidate, WantedClasses } from "./candidates";
import type { YoloxOutput } from "./headOutput";

const { fround, exp } = Math;

/** YOLOX: the grids in this order, each row by row. */
const strides = [8, 16, 32] as const;

/** exp(10) cells are no size of a box in any input: such numbers are pixels. */
const largestLogSize = 10;

/**
 * YOLOX demo postprocess: centre = (offset + cell) · stride, size = exp(size) · stride, score = objectness · best class score; in float32
 * like numpy. Score strictly above `confidence`, then the class filter. In anchor order. Throws an Error when the boxes are decoded
 * already: the shape does not tell, their sizes do.
 */
export function yoloxCandidatesOf(
  { data, classes, inputWidth, inputHeight }: YoloxOutput,
  confidence: number,
  wanted?: WantedClasses,
): Candidate[] {
  const candidates: Candidate[] = [];
  const threshold = fround(confidence);
  let at = 0;
  for (const stride of strides)
    for (let row = 0; row < inputHeight / stride; row++)
      for (let column = 0; column < inputWidth / stride; column++, at += 5 + classes) {
        const objectness = data[at + 4]!;
        if (!(objectness > threshold)) continue; // a class score is at most 1
        const best = bestClassOf(data.subarray(at + 5, at + 5 + classes));
        const score = fround(objectness * best.score);
        if (!(score > threshold) || wanted?.has(best.class) === false) continue;
        if (data[at + 2]! > largestLogSize || data[at + 3]! > largestLogSize)
          throw new Error(
            "the YOLOX model decodes its boxes itself, which is not supported: export it without --decode_in_inference",
          );
        const x = fround(fround(data[at]! + column) * stride);
        const y = fround(fround(data[at + 1]! + row) * stride);
        const halfWidth = fround(fround(fround(exp(data[at + 2]!)) * stride) / 2);
        const halfHeight = fround(fround(fround(exp(data[at + 3]!)) * stride) / 2);
        candidates.push({
          class: best.class,
          score,
          x1: fround(x - halfWidth),
          y1: fround(y - halfHeight),
          x2: fround(x + halfWidth),
          y2: fround(y + halfHeight),
        });
      }
  return candidates;
}

/** The first maximum wins. */
function bestClassOf(scores: Float32Array): { readonly class: number; readonly score: number } {
  let best = 0;
  for (let k = 1; k < scores.length; k++) if (scores[k]! > scores[best]!) best = k;
  return { class: best, score: scores[best]! };
}
