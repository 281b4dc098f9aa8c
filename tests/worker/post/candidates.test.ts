import { candidatesOf } from "../../../worker/post/candidates";
import { highestScore, type YoloV8Output } from "../../../worker/post/headOutput";

/** A head of these anchors: [x, y, w, h, score of class 0, score of class 1, …]. */
function head(...anchors: number[][]): YoloV8Output {
  const rows = anchors[0]!.length;
  const data = Float32Array.from({ length: rows * anchors.length }, (_, at) => {
    return anchors[at % anchors.length]![Math.floor(at / anchors.length)]!;
  });
  return { layout: "yolov8", data, classes: rows - 4, anchors: anchors.length };
}

describe("candidates", () => {
  it("are the anchors above the threshold, with corners and their best class, in anchor order", () => {
    const output = head([10, 20, 4, 6, 0.1, 0.5], [0, 0, 1, 1, 0.1, 0.2], [100, 50, 10, 5, 0.9, 0.3]);

    expect(candidatesOf(output, 0.25)).toEqual([
      { class: 1, score: 0.5, x1: 8, y1: 17, x2: 12, y2: 23 },
      { class: 0, score: Math.fround(0.9), x1: 95, y1: 47.5, x2: 105, y2: 52.5 },
    ]);
  });

  it("have a score strictly above the threshold, compared in float32", () => {
    const output = head([1, 1, 1, 1, 0.25], [1, 1, 1, 1, 0.1], [1, 1, 1, 1, 0.25000003]);

    expect(candidatesOf(output, 0.25)).toHaveLength(1);
    // 0.1 in float32 is above 0.1 in float64, but not above itself.
    expect(candidatesOf(output, 0.1)).toHaveLength(2);
  });

  it("take the first of equal class scores", () => {
    expect(candidatesOf(head([1, 1, 1, 1, 0.2, 0.6, 0.6]), 0.25)[0]?.class).toBe(1);
  });

  it("leave out scores that are no number", () => {
    expect(candidatesOf(head([1, 1, 1, 1, NaN]), 0)).toEqual([]);
  });

  it("have corners in float32", () => {
    const [candidate] = candidatesOf(head([320.1, 0, 0.3, 0, 1]), 0.25);

    expect(candidate?.x1).toBe(Math.fround(Math.fround(320.1) - Math.fround(Math.fround(0.3) / 2)));
  });
});

it("candidates of a model that answers in half precision have their corners in it", () => {
  // Half-precision numbers from 256 to 512 are quarters apart, from 512 to 1024 halves; ties go to even.
  const output = { ...head([300.25, 600.5, 33.25, 21, 0.75]), isHalf: true };

  expect(candidatesOf(output, 0.25)).toEqual([
    { class: 0, score: 0.75, x1: 283.5, y1: 590, x2: 317, y2: 611 },
  ]);
});

describe("the highest score", () => {
  it("looks at every class and no coordinate", () => {
    expect(highestScore(head([500, 500, 9, 9, 0.01, 0.02], [1, 1, 1, 1, 0.75, 0]))).toBe(0.75);
    expect(highestScore(head([500, 500, 9, 9, 0, 0]))).toBe(0);
  });
});
