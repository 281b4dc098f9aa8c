import { letterboxOf, type Letterbox } from "../../../worker/pre/letterbox";
import { fillTensor, rgbUnit, type RgbPicture } from "../../../worker/pre/tensor";
import { seededRandom } from "../../support/seededRandom";

/** Python's round, by the text of the number. */
function halfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

/**
 * OpenCV's 8-bit INTER_LINEAR pixel by pixel, as plainly as it can be said: the slow reference that the tables and fused loops of
 * the worker are compared with.
 */
function resizedLevel(
  { width, height, rgb }: RgbPicture,
  to: Letterbox["scaled"],
  x: number,
  y: number,
  c: number,
): number {
  const at = (column: number, row: number): number => rgb[(row * width + column) * 3 + c]!;
  if (to.width === width && to.height === height) return at(x, y);
  if (to.width * 2 === width && to.height * 2 === height) {
    const sum = at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1);
    return Math.floor((sum + 2) / 4);
  }
  let fx = Math.fround((x + 0.5) * (1 / (to.width / width)) - 0.5);
  let sx = Math.floor(fx);
  fx = Math.fround(fx - sx);
  if (sx < 0) [sx, fx] = [0, 0];
  if (sx >= width - 1) [sx, fx] = [width - 1, 0];
  let fy = Math.fround((y + 0.5) * (1 / (to.height / height)) - 0.5);
  const sy = Math.floor(fy);
  fy = Math.fround(fy - sy);
  const a = [halfEven(Math.fround(Math.fround(1 - fx) * 2048)), halfEven(Math.fround(fx * 2048))] as const;
  const b = [halfEven(Math.fround(Math.fround(1 - fy) * 2048)), halfEven(Math.fround(fy * 2048))] as const;
  const clamp = (value: number, size: number): number => Math.max(0, Math.min(size - 1, value));
  const across = (row: number): number => at(sx, row) * a[0] + at(clamp(sx + 1, width), row) * a[1];
  const above = across(clamp(sy, height));
  const below = across(clamp(sy + 1, height));
  const part = (weight: number, sum: number): number => Math.floor((weight * Math.floor(sum / 16)) / 65536);
  return Math.floor((part(b[0], above) + part(b[1], below) + 2) / 4);
}

function reference(picture: RgbPicture, box: Letterbox): Float32Array {
  const { width, height } = box.input;
  const tensor = new Float32Array(3 * width * height);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [px, py] = [x - box.left, y - box.top];
        const inside = px >= 0 && py >= 0 && px < box.scaled.width && py < box.scaled.height;
        tensor[(c * height + y) * width + x] =
          (inside ? resizedLevel(picture, box.scaled, px, py, c) : 114) / 255;
      }
  return tensor;
}

function randomPicture(width: number, height: number): RgbPicture {
  const random = seededRandom(width * 10_007 + height);
  return { width, height, rgb: Uint8Array.from({ length: width * height * 3 }, () => random() * 256) };
}

/** Places where two tensors differ. */
function differences(a: Float32Array, b: Float32Array): number {
  return a.reduce((count, value, index) => count + (Object.is(value, b[index]) ? 0 : 1), 0);
}

describe("the input tensor", () => {
  const input = { width: 96, height: 64 };

  it.each([
    ["copied", 96, 64],
    ["copied with a border", 96, 33],
    ["halved", 192, 128],
    ["halved with a border", 192, 78],
    ["enlarged", 17, 11],
    ["enlarged from one pixel", 1, 1],
    ["enlarged from one column", 1, 50],
    ["reduced a little", 101, 67],
    ["reduced a little more than half", 193, 129],
    ["reduced far", 517, 399],
    ["higher than wide", 41, 233],
    ["thinner than a pixel", 3, 900],
    ["flatter than a pixel", 1300, 2],
  ])("of a picture that is %s (%d×%d) has exactly OpenCV's values", (_how, width, height) => {
    const picture = randomPicture(width, height);
    const box = letterboxOf(picture, input);
    const tensor = new Float32Array(3 * input.width * input.height).fill(NaN);

    fillTensor(tensor, picture, box, rgbUnit);

    expect(differences(tensor, reference(picture, box))).toBe(0);
  });

  it("divides as torch does: each level by 255, in float32", () => {
    const picture = {
      width: 16,
      height: 16,
      rgb: Uint8Array.from({ length: 768 }, (_, at) => Math.floor(at / 3)),
    };
    const tensor = new Float32Array(768);

    fillTensor(tensor, picture, letterboxOf(picture, { width: 16, height: 16 }), rgbUnit);

    expect([...tensor.subarray(512)]).toEqual(
      Array.from({ length: 256 }, (_, level) => Math.fround(level / 255)),
    );
  });

  it("holds nothing of the picture before", () => {
    const tensor = new Float32Array(3 * input.width * input.height);
    const small = randomPicture(20, 64);
    const box = letterboxOf(small, input);

    fillTensor(tensor, randomPicture(96, 64), letterboxOf({ width: 96, height: 64 }, input), rgbUnit);
    fillTensor(tensor, small, box, rgbUnit);

    expect(differences(tensor, reference(small, box))).toBe(0);
  });
});
