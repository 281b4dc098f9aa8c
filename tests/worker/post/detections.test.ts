import type { Candidate } from "../../../worker/post/candidates";
import { detectionsOf, round5 } from "../../../worker/post/detections";
import { letterboxOf } from "../../../worker/pre/letterbox";

const input = { width: 640, height: 640 };

function detection(
  picture: { width: number; height: number },
  corners: [number, number, number, number],
  classNumber = 0,
) {
  const [x1, y1, x2, y2] = corners;
  const candidate: Candidate = { class: classNumber, score: Math.fround(0.87345678), x1, y1, x2, y2 };
  return detectionsOf([candidate], picture, letterboxOf(picture, input), ["person"])[0]!;
}

describe("detections", () => {
  it("are in pixels of the source picture", () => {
    // 1280×720 → 640×360 below 140 rows of border.
    expect(detection({ width: 1280, height: 720 }, [10, 150, 20, 160.25])).toEqual({
      name: "person",
      class: 0,
      confidence: 0.87346,
      box: { x1: 20, y1: 20, x2: 40, y2: 40.5 },
    });
  });

  it("are clipped to the picture", () => {
    expect(detection({ width: 1280, height: 720 }, [-5, 100, 700, 630]).box).toEqual({
      x1: 0,
      y1: 0,
      x2: 1280,
      y2: 720,
    });
  });

  it("use the gain of the scaled picture's whole pixels, each axis its own", () => {
    // 1279×961 → 640×481 (480.875): rows are 481/961 of the source's, not 640/1279.
    const { box } = detection({ width: 1279, height: 961 }, [0, 79, 320, 79 + 481]);

    expect(box.y2).toBe(961);
    expect(box.x2).toBeCloseTo(639.5, 3);
  });

  it("are computed in float32", () => {
    const f = Math.fround;
    // 810×1080 → 480×640 beside 80 columns of border.
    const { box } = detection({ width: 810, height: 1080 }, [f(100.7), f(0.1), 200, 300]);

    expect(box.x1).toBe(round5(f(f(f(100.7) - 80) / f(480 / 810))));
  });

  it("name a class without a name by its number", () => {
    expect(detection(input, [0, 0, 1, 1], 7).name).toBe("class7");
  });
});

describe("rounding to 5 decimals", () => {
  it.each([
    // As Python's round: the double nearest to 0.123455 lies below it, that of 0.123465 above.
    [0.123455, 0.12345],
    [0.123465, 0.12347],
    [0.1234549, 0.12345],
    [1.0000049, 1],
    // Exact ties in binary go to even, as in Python: round(0.015625, 5), round(0.046875, 5), round(2.078125, 5).
    [0.015625, 0.01562],
    [0.046875, 0.04688],
    [2.078125, 2.07812],
    [-0.015625, -0.01562],
    [640, 640],
  ])("takes %d to %d", (value, rounded) => {
    expect(round5(value)).toBe(rounded);
  });
});
