import type { YoloxOutput } from "../../../worker/post/headOutput";
import { yoloxCandidatesOf } from "../../../worker/post/yolox";

/** A head over 64 × 32 pixels: 8 × 4, 4 × 2 and 2 × 1 cells, all nothing but those given. */
function head(cells: Record<number, number[]>): YoloxOutput {
  const rows = Array.from({ length: 32 + 8 + 2 }, (_, cell) => cells[cell] ?? [0, 0, 0, 0, 0, 0, 0]);
  return {
    layout: "yolox",
    data: Float32Array.from(rows.flat()),
    classes: 2,
    inputWidth: 64,
    inputHeight: 32,
  };
}

describe("candidates of a YOLOX head", () => {
  it("lie on the cells of three grids, in this order: strides 8, 16, 32", () => {
    const box = [0.5, 0.5, 0, 0, 1, 0.5, 0];
    const found = yoloxCandidatesOf(head({ 10: box, 37: box, 41: box }), 0.25);

    expect(found.map(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2])).toEqual([
      [16, 8, 24, 16], // column 2, row 1
      [16, 16, 32, 32], // column 1, row 1
      [32, 0, 64, 32], // column 1
    ]);
  });

  it("have objectness times the best class score, strictly above the threshold", () => {
    const of = (objectness: number, ...scores: number[]) =>
      yoloxCandidatesOf(head({ 0: [0, 0, 0, 0, objectness, ...scores] }), 0.25);

    expect(of(0.75, 0.25, 0.5)).toMatchObject([{ class: 1, score: 0.375 }]);
    expect(of(0.75, 0.5, 0.5)).toMatchObject([{ class: 0 }]);
    expect(of(0.5, 0.5, 0.25)).toEqual([]);
  });

  it("are only those of the wanted classes", () => {
    const output = head({ 0: [0, 0, 0, 0, 1, 0.5, 0.75], 1: [0, 0, 0, 0, 1, 0.75, 0.5] });

    expect(yoloxCandidatesOf(output, 0.25, new Set([1]))).toMatchObject([{ class: 1 }]);
  });

  it("are refused when they are decoded already: their sizes are pixels", () => {
    expect(() => yoloxCandidatesOf(head({ 3: [28, 4, 16, 8, 0.75, 0.5, 0] }), 0.25)).toThrow(
      /decodes its boxes itself, .*: export it without --decode_in_inference/,
    );
  });
});
