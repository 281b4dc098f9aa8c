import { letterboxOf } from "../../../worker/pre/letterbox";
import { roundHalfEven } from "../../../worker/pre/round";

const square = { width: 640, height: 640 };

describe("rounding", () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [2.4999999999999996, 2],
    [359.5, 360],
    [-0.1, 0],
    [-0.6, -1],
  ])("takes %d to %d, halves to even", (value, rounded) => {
    expect(roundHalfEven(value) + 0).toBe(rounded);
  });
});

describe("the letterbox", () => {
  // Worked out by hand from Ultralytics' rule: ratio, Python's round, half of the rest less 0.1.
  it.each([
    [640, 640, { scaled: [640, 640], top: 0, left: 0 }],
    [1280, 720, { scaled: [640, 360], top: 140, left: 0 }],
    [810, 1080, { scaled: [480, 640], top: 0, left: 80 }],
    [320, 240, { scaled: [640, 480], top: 80, left: 0 }],
    [1920, 1080, { scaled: [640, 360], top: 140, left: 0 }],
    // 427 · 640/640: an odd rest of 213 puts the extra row below.
    [640, 427, { scaled: [640, 427], top: 106, left: 0 }],
    [427, 640, { scaled: [427, 640], top: 0, left: 106 }],
    // 480.5 rounds to the even 480, 481.5 to the even 482.
    [1280, 961, { scaled: [640, 480], top: 80, left: 0 }],
    [1280, 963, { scaled: [640, 482], top: 79, left: 0 }],
    [1, 1, { scaled: [640, 640], top: 0, left: 0 }],
    // A side that would round to nothing stays one pixel.
    [1, 5000, { scaled: [1, 640], top: 0, left: 319 + 0 }],
  ])("of %d×%d", (width, height, { scaled, top, left }) => {
    const box = letterboxOf({ width, height }, square);

    expect([box.scaled.width, box.scaled.height]).toEqual(scaled);
    expect([box.top, box.left].map((n) => n + 0)).toEqual([top, left]);
  });

  it("fits an input that is not square", () => {
    expect(letterboxOf({ width: 100, height: 100 }, { width: 640, height: 384 })).toMatchObject({
      scaled: { width: 384, height: 384 },
      top: 0,
      left: 128,
    });
  });
});
