import { readFileSync } from "node:fs";
import { join } from "node:path";
import wabt from "wabt";
import { letterboxOf } from "../../../worker/pre/letterbox";
import { bilinearRow, openSimdInput } from "../../../worker/pre/simdInput";
import { fillTensor, rgbUnit } from "../../../worker/pre/tensor";
import { project } from "../../support/command";
import { seededRandom } from "../../support/seededRandom";

describe("the SIMD resize", () => {
  it("runs what its text says", async () => {
    const file = join(project, "worker/pre/bilinearRow.wat");
    const module = (await wabt()).parseWat(file, readFileSync(file, "utf8"), { simd: true });

    expect(Buffer.from(module.toBinary({}).buffer).toString("base64")).toBe(bilinearRow);
  });

  it("gives the same as the plain one, picture after picture of any size", () => {
    const random = seededRandom(7);
    const input = { width: 96, height: 64 };
    const plain = new Float32Array(3 * input.width * input.height);
    const simd = openSimdInput(plain.length, input.width, 500);

    for (let round = 0; round < 60; round++) {
      const [width, height] = [1 + Math.floor(random() * 500), 1 + Math.floor(random() * 300)];
      const rgb = Uint8Array.from({ length: width * height * 3 }, () => random() * 256);
      const picture = { width, height, rgb };
      const box = letterboxOf(picture, input);
      fillTensor(plain, picture, box, rgbUnit);
      fillTensor(simd.tensor, picture, box, rgbUnit, simd.resize);

      expect({ width, height, same: Buffer.from(plain.buffer).equals(bytesOf(simd.tensor)) }).toEqual({
        width,
        height,
        same: true,
      });
    }
  });
});

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
