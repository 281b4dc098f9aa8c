import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isQuantized } from "../../../worker/onnx/quantized";
import { project } from "../../support/command";
import { onnxModel } from "../../support/onnxModel";

const modelWith = (...types: readonly string[]): Buffer =>
  onnxModel({
    inputs: [{ name: "images", type: "float32", shape: [1, 3, 8, 8] }],
    outputs: [{ name: "output0", type: "float32", shape: [1, 3, 8, 8] }],
    nodes: types.map((type) => ({ type, inputs: ["images"], outputs: ["output0"] })),
  });

describe("a quantized model", () => {
  it.each(["QuantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "ConvInteger", "MatMulInteger"])(
    "is known by its %s",
    (type) => {
      expect(isQuantized(modelWith("Concat", type))).toBe(true);
    },
  );

  it("is not one that only computes in floating point", async () => {
    expect(isQuantized(modelWith("Conv", "Cast", "DequantizeLinear"))).toBe(false);
    expect(isQuantized(await readFile(join(project, "assets/model/street.onnx")))).toBe(false);
  });
});
