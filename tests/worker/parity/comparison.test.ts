import type { Detection } from "../../../worker/contract/result";
import { comparePicture, type PictureComparison } from "../../../worker/parity/comparison";
import type { ReferenceBox } from "../../../worker/parity/golden";

type Corners = readonly [x1: number, y1: number, x2: number, y2: number];

const box = ([x1, y1, x2, y2]: Corners) => ({ x1, y1, x2, y2 });

function ours(number: number, confidence: number, corners: Corners): Detection {
  return { name: `class${number}`, class: number, confidence, box: box(corners) };
}

function reference(number: number, score: number, corners: Corners): ReferenceBox {
  return { class: number, score, box: box(corners) };
}

function compared(found: readonly Detection[], expected: readonly ReferenceBox[]): PictureComparison {
  return comparePicture("a.jpg", found, expected);
}

const square: Corners = [10, 10, 110, 110];

describe("comparing a picture with its reference", () => {
  it("calls equal what is equal after rounding to 5 decimals", () => {
    const result = compared([ours(3, 0.5, square)], [reference(3, 0.500004, [10.000004, 10, 110, 110])]);

    expect(result).toMatchObject({ equal: 1, missing: 0, extra: 0, worst: { iou: 1, boxPx: 0, score: 0 } });
  });

  it("measures the worst of overlap, corner and score", () => {
    const result = compared(
      [ours(3, 0.5, square), ours(4, 0.75, [200, 200, 300, 300])],
      [reference(3, 0.625, square), reference(4, 0.75, [200, 200, 300, 298])],
    );

    expect(result).toMatchObject({ equal: 0, missing: 0, extra: 0 });
    expect(result.worst.boxPx).toBe(2);
    expect(result.worst.score).toBe(0.125);
    expect(result.worst.iou).toBeCloseTo(0.98, 12); // 100 × 98 of 100 × 100
  });

  it("counts what only one of them found, in the same place but of another class too", () => {
    const result = compared(
      [ours(3, 0.5, square)],
      [reference(4, 0.5, square), reference(3, 0.5, [400, 400, 420, 420])],
    );

    expect(result).toMatchObject({ ours: 1, reference: 2, missing: 2, extra: 1, equal: 0 });
  });

  it("pairs each box once, the ones that overlap most, whatever their order", () => {
    const [near, far]: [Corners, Corners] = [square, [12, 12, 112, 112]];

    const result = compared(
      [ours(1, 0.9, far), ours(1, 0.8, near)],
      [reference(1, 0.8, near), reference(1, 0.9, far)],
    );

    expect(result).toMatchObject({ equal: 2, missing: 0, extra: 0 });
  });

  it("tells two findings of the very same box apart by their scores", () => {
    const result = compared(
      [ours(1, 0.3, square), ours(1, 0.9, square)],
      [reference(1, 0.9, square), reference(1, 0.3, square)],
    );

    expect(result).toMatchObject({ equal: 2, missing: 0, extra: 0 });
  });

  it("is content with a picture in which neither found anything", () => {
    expect(compared([], [])).toMatchObject({ ours: 0, reference: 0, equal: 0, worst: { iou: 1 } });
  });
});
