import { fromHalf, toHalf } from "../../../worker/pre/half";

describe("half-precision numbers", () => {
  it("come back from their bits and go there again, all of them", () => {
    const changed = Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
      (bits) => !Number.isNaN(fromHalf(bits)) && toHalf(fromHalf(bits)) !== bits,
    );

    expect(changed).toEqual([]);
  });

  // IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction.
  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [3 * 2 ** -25, 2],
    [1 / 3, 0x3555],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 - 2 ** -12, 0x4000],
  ])("of %d have the bits %d, to the nearest, ties to even", (value, bits) => {
    expect(toHalf(value)).toBe(bits);
  });

  it("know what is no number", () => {
    expect(fromHalf(toHalf(NaN))).toBeNaN();
  });
});
