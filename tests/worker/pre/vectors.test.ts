/** The letterbox and the tensor, byte for byte as OpenCV and torch make them. */
import { letterboxOf, rectangleOf } from "../../../worker/pre/letterbox";
import { openSimdInput } from "../../../worker/pre/simdInput";
import { fillTensor, rgbUnit, type PixelEncoding, type RgbPicture } from "../../../worker/pre/tensor";
import golden from "../vectors/letterbox.json";
import { hashed, sha256 } from "../vectors/seeded";

const asTheyAre: PixelEncoding = {
  divisor: 1,
  levels: Float32Array.from({ length: 256 }, (_, level) => level),
  firstChannel: 0,
};

function pictureOf([width, height]: readonly [number, number]): RgbPicture {
  const rgb = new Uint8Array(width * height * 3);
  const seed = width * 10_007 + height;
  for (let index = 0; index < rgb.length; index++) rgb[index] = hashed(index, seed) >>> 24;
  return { width, height, rgb };
}

const cases = golden.cases.map((one) => ({
  ...one,
  shape: one.picture.join("×"),
  form: one.stride === null ? `in ${one.largest.join("×")}` : "in the rectangle of a dynamic model",
}));

describe(`against OpenCV ${golden.versions.opencv} and torch ${golden.versions.torch}`, () => {
  it.each(cases)("a picture of $shape $form has exactly the same pixels", (expected) => {
    const picture = pictureOf(expected.picture as [number, number]);
    const [width, height] = expected.largest as [number, number];
    const box =
      expected.stride === null
        ? letterboxOf(picture, { width, height })
        : rectangleOf(picture, { width, height }, expected.stride);
    const tensor = new Float32Array(3 * box.input.width * box.input.height);

    const { input, scaled, top, left } = box;
    expect([input.width, input.height]).toEqual(expected.input);
    expect([scaled.width, scaled.height]).toEqual(expected.scaled);
    expect([top, left]).toEqual([expected.top, expected.left]);

    fillTensor(tensor, picture, box, asTheyAre);
    expect(sha256(new Uint8Array(tensor))).toBe(expected.levels);
    fillTensor(tensor, picture, box, rgbUnit);
    expect(sha256(tensor)).toBe(expected.tensor);

    const simd = openSimdInput(tensor.length, box.input.width, picture.width);
    fillTensor(simd.tensor, picture, box, asTheyAre, simd.resize);
    expect(sha256(new Uint8Array(simd.tensor))).toBe(expected.levels);
    fillTensor(simd.tensor, picture, box, rgbUnit, simd.resize);
    expect(sha256(simd.tensor)).toBe(expected.tensor);
  });
});
