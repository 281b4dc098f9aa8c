/** Detection models of a few hundred bytes, whose answers are known: constants, and the mean of the picture where a test asks for it. */
import { onnxModel, type ElementType, type OnnxValue } from "./onnxModel";

export interface MeanModel {
  /** [batch, 3, height, width]. */
  readonly input: readonly (number | string)[];
  readonly inputType?: ElementType;
  /** What it answers for each picture; "mean": the mean of the first channel of the input, border included. */
  readonly rows: readonly (readonly (number | "mean")[])[];
  /** As the model announces it, if not `[batch, rows, columns]`. */
  readonly output?: readonly (number | string)[];
  readonly outputType?: ElementType;
  /** Further outputs, by their shapes. */
  readonly others?: readonly (readonly number[])[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The file's bytes: answer = constants + places · mean. */
export function meanModel({
  input,
  inputType = "float32",
  rows,
  output = [input[0]!, rows.length, rows[0]!.length],
  outputType = "float32",
  others = [],
  metadata,
}: MeanModel): Buffer {
  const cells = rows.flat();
  const dims = [1, rows.length, rows[0]!.length];
  const constants = cells.map((cell) => (cell === "mean" ? 0 : cell));
  const places = cells.map((cell) => (cell === "mean" ? 1 : 0));
  const otherOutputs = others.map((shape, index): OnnxValue => ({
    name: `other${index}`,
    type: "float32",
    shape,
  }));
  return onnxModel({
    inputs: [{ name: "images", type: inputType, shape: input }],
    outputs: [{ name: "output0", type: outputType, shape: output }, ...otherOutputs],
    nodes: [
      { type: "Cast", inputs: ["images"], outputs: ["floats"], attributes: { to: 1 } },
      { type: "Gather", inputs: ["floats", "first"], outputs: ["channel"], attributes: { axis: 1 } },
      {
        type: "ReduceMean",
        inputs: ["channel"],
        outputs: ["mean"],
        attributes: { axes: [1, 2], keepdims: 1 },
      },
      { type: "Mul", inputs: ["places", "mean"], outputs: ["placed"] },
      { type: "Add", inputs: ["constants", "placed"], outputs: ["answer"] },
      {
        type: "Cast",
        inputs: ["answer"],
        outputs: ["output0"],
        attributes: { to: outputType === "float16" ? 10 : 1 },
      },
      ...otherOutputs.map(({ name }) => ({ type: "Identity", inputs: [`${name}_zeros`], outputs: [name] })),
    ],
    constants: [
      { name: "first", type: "int64", dims: [], values: [0] },
      { name: "places", type: "float32", dims, values: places },
      { name: "constants", type: "float32", dims, values: constants },
      ...others.map((shape, index) => ({
        name: `other${index}_zeros`,
        type: "float32" as const,
        dims: shape,
        values: new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0),
      })),
    ],
    metadata,
  });
}
