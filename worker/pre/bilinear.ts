/** Sampling tables of OpenCV's 8-bit bilinear resize: for each target pixel of one axis, two source positions and two weights. */
import { roundHalfEven } from "./round";

export type AxisTable = {
  /** First and second source position, in pixels. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Their weights in 1/2048. */
  readonly firstWeight: Int32Array;
  readonly secondWeight: Int32Array;
};

/**
 * OpenCV resize, INTER_LINEAR on 8 bits: f = (d + 0.5) · source/target - 0.5 in float32, weights in fixed point (11 bits).
 * `edge` says what happens outside the picture: across (x) the weight moves to the border pixel; down (y) OpenCV clamps the
 * rows but keeps the weights.
 */
export function bilinearTable(
  source: number,
  target: number,
  edge: "move-weight" | "keep-weight",
): AxisTable {
  const table = {
    first: new Int32Array(target),
    second: new Int32Array(target),
    firstWeight: new Int32Array(target),
    secondWeight: new Int32Array(target),
  };
  const scale = 1 / (target / source);
  for (let d = 0; d < target; d++) {
    const position = Math.fround((d + 0.5) * scale - 0.5);
    let start = Math.floor(position);
    let fraction = Math.fround(position - start);
    if (edge === "move-weight" && (start < 0 || start >= source - 1)) {
      start = start < 0 ? 0 : source - 1;
      fraction = 0;
    }
    table.first[d] = clamp(start, source);
    table.second[d] = clamp(start + 1, source);
    table.firstWeight[d] = roundHalfEven(Math.fround(Math.fround(1 - fraction) * 2048));
    table.secondWeight[d] = roundHalfEven(Math.fround(fraction * 2048));
  }
  return table;
}

function clamp(position: number, size: number): number {
  return Math.min(Math.max(position, 0), size - 1);
}
