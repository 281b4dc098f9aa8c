import type { ModelDescription } from "../../../worker/onnx/describe";
import { encodingOf, letterboxFor } from "../../../worker/pre/modelInput";

const square: ModelDescription = {
  layout: "yolov8",
  inputHeight: 640,
  inputWidth: 640,
  isDynamic: false,
  stride: 32,
  batch: 1,
  elementType: "float32",
  classNames: ["cat"],
};
const dynamic: ModelDescription = { ...square, isDynamic: true };
const yolox: ModelDescription = { ...square, layout: "yolox" };

describe("the place of a picture", () => {
  it("is the middle of a fixed input", () => {
    expect(letterboxFor({ width: 810, height: 1080 }, square)).toMatchObject({
      input: { width: 640, height: 640 },
      scaled: { width: 480, height: 640 },
      left: 80,
    });
  });

  // Ultralytics LetterBox with auto: of the rest only what is beyond whole strides, half on each side.
  it.each([
    [810, 1080, { input: { width: 480, height: 640 }, left: 0, top: 0 }],
    [1920, 1080, { input: { width: 640, height: 384 }, left: 0, top: 12 }],
    [500, 375, { input: { width: 640, height: 480 }, left: 0, top: 0 }],
    // 427 rows leave 213, of which 21 are beyond whole strides: 10 above, 11 below.
    [640, 427, { input: { width: 640, height: 448 }, left: 0, top: 10 }],
    [427, 640, { input: { width: 448, height: 640 }, left: 10, top: 0 }],
    [640, 640, { input: { width: 640, height: 640 }, left: 0, top: 0 }],
  ])("is a rectangle of whole strides in an open input: %d×%d", (width, height, expected) => {
    const { input, left, top } = letterboxFor({ width, height }, dynamic);

    expect({ input, left: left + 0, top: top + 0 }).toEqual(expected);
  });

  it("keeps to the stride that the model tells", () => {
    expect(letterboxFor({ width: 640, height: 427 }, { ...dynamic, stride: 64 }).input.height).toBe(448);
    expect(letterboxFor({ width: 640, height: 330 }, { ...dynamic, stride: 64 }).input.height).toBe(384);
  });

  it("is the top left of a YOLOX input, its size cut to whole pixels, with one gain", () => {
    // 640 / 641: 480 rows become 479.25…
    expect(letterboxFor({ width: 641, height: 480 }, yolox)).toEqual({
      input: { width: 640, height: 640 },
      scaled: { width: 640, height: 479 },
      top: 0,
      left: 0,
      gainX: 640 / 641,
      gainY: 640 / 641,
    });
  });
});

describe("the pixels of a picture", () => {
  it("are red first and shares of 255, for YOLOX blue first and levels", () => {
    expect(encodingOf(square)).toMatchObject({ firstChannel: 0 });
    expect(encodingOf(square).levels[51]).toBe(Math.fround(0.2));
    expect(encodingOf(yolox)).toMatchObject({ firstChannel: 2 });
    expect(encodingOf(yolox).levels[51]).toBe(51);
  });

  it("are bits of half-precision numbers where the model wants them", () => {
    const { levels } = encodingOf({ ...square, elementType: "float16" });

    expect(levels).toBeInstanceOf(Uint16Array);
    expect([levels[0], levels[255]]).toEqual([0, 0x3c00]);
  });
});
