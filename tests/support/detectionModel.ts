/** Models for tests whose answer is known: the input is summed up and left out, and a constant is what they say. */
import { onnxModel, type ElementType, type OnnxNode } from "./onnxModel";

export interface DetectionModel {
  /** [batch, 3, height, width]; a text is a dimension that is left open. */
  readonly input: readonly (number | string)[];
  /** What the model announces; the answer has the shape of `answer`. */
  readonly output: readonly (number | string)[];
  readonly answer: { readonly dims: readonly number[]; readonly values: readonly number[] };
  readonly inputType?: ElementType;
  readonly outputType?: ElementType;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The graph: answer + 0 · (sum of all levels), so that the input is really read. */
export function detectionModel(model: DetectionModel): Buffer {
  const { input, output, answer, inputType = "float32", outputType = "float32", metadata } = model;
  const type = outputType;
  const cast: OnnxNode = {
    type: "Cast",
    inputs: ["images"],
    outputs: ["levels"],
    attributes: { to: outputType === "float16" ? 10 : 1 },
  };
  return onnxModel({
    inputs: [{ name: "images", type: inputType, shape: input }],
    outputs: [{ name: "output0", type, shape: output }],
    nodes: [
      cast,
      { type: "ReduceMax", inputs: ["levels"], outputs: ["highest"], attributes: { keepdims: 0 } },
      { type: "Mul", inputs: ["highest", "nothing"], outputs: ["none"] },
      { type: "Add", inputs: ["answer", "none"], outputs: ["output0"] },
    ],
    constants: [
      { name: "nothing", type, dims: [], values: [0] },
      { name: "answer", type, ...answer },
    ],
    metadata,
  });
}

/** Rows of anchors as the channels of a YOLOv8 head: [x, y, w, h, scores…] each. */
export function channelMajor(anchors: readonly (readonly number[])[]): number[] {
  return (anchors[0] ?? []).flatMap((_, channel) => anchors.map((anchor) => anchor[channel]!));
}
