/** The end of a YOLOv8 head as a model of its own: for each side of a box the expected value over 16 bins, by a softmax (DFL). */
import type { OnnxModel, OnnxNode } from "./onnxModel";

export const anchors = 21;

export const reshape: OnnxNode = { type: "Reshape", inputs: ["boxes", "bins"], outputs: ["binned"] };

export const transpose = (perm = [0, 2, 1, 3]): OnnxNode => ({
  type: "Transpose",
  inputs: ["binned"],
  outputs: ["transposed"],
  attributes: { perm },
});

export const softmax = (axis = 1): OnnxNode => ({
  type: "Softmax",
  inputs: ["transposed"],
  outputs: ["distribution"],
  attributes: { axis },
});

export const expectation: readonly OnnxNode[] = [
  { type: "Conv", inputs: ["distribution", "weights"], outputs: ["distances"] },
  { type: "Reshape", inputs: ["distances", "sides"], outputs: ["sides_out"] },
];

/** `boxes` [1, 64, 21] → `sides_out` [1, 4, 21], as exporters write it unless told. */
export function dflHead(
  nodes: readonly OnnxNode[] = [reshape, transpose(), softmax(), ...expectation],
): OnnxModel {
  return {
    inputs: [{ name: "boxes", type: "float32", shape: [1, 64, anchors] }],
    outputs: [{ name: "sides_out", type: "float32", shape: [1, 4, anchors] }],
    nodes,
    constants: [
      { name: "bins", type: "int64", dims: [4], values: [1, 4, 16, anchors] },
      { name: "sides", type: "int64", dims: [3], values: [1, 4, anchors] },
      {
        name: "weights",
        type: "float32",
        dims: [1, 16, 1, 1],
        values: Array.from({ length: 16 }, (_, bin) => bin),
      },
    ],
    metadata: { names: "{0: 'person'}" },
  };
}
