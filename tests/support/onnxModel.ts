/** A small ONNX writer: tiny models that ONNX Runtime really runs, made where a test needs one. */
import { bytesField, varintField } from "../../worker/onnx/protobufWriter";
import { toHalf } from "../../worker/pre/half";

export type ElementType = "float32" | "float16" | "int64";

/** An input or output of the graph; a text is a dimension that is left open. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** An initialiser: numbers that are part of the model. */
export interface OnnxConstant {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

export interface OnnxNode {
  /** The operator: "Concat". */
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers from 0, lists of them, texts. */
  readonly attributes?: Readonly<Record<string, number | readonly number[] | string>>;
}

export interface OnnxModel {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly constants?: readonly OnnxConstant[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Version of the ONNX operators, 17 unless told. */
  readonly opset?: number;
}

/** The file's bytes. onnx.proto: ModelProto {1 IR version, 7 graph, 8 operators' versions, 14 metadata}. */
export function onnxModel(model: OnnxModel): Buffer {
  const { metadata = {}, opset = 17 } = model;
  return Buffer.concat([
    varintField(1, 8),
    bytesField(7, graph(model)),
    bytesField(8, Buffer.concat([bytesField(1, ""), varintField(2, opset)])),
    ...Object.entries(metadata).map(([key, value]) =>
      bytesField(14, Buffer.concat([bytesField(1, key), bytesField(2, value)])),
    ),
  ]);
}

/** onnx.proto: TensorProto.DataType. */
const elementTypes = { float32: 1, float16: 10, int64: 7 } as const;
/** onnx.proto: AttributeProto.AttributeType. */
const attributeTypes = { int: 2, string: 3, ints: 7 } as const;

/** GraphProto {1 node, 2 name, 5 initialiser, 11 input, 12 output}. */
function graph({ inputs, outputs, nodes, constants = [] }: OnnxModel): Buffer {
  return Buffer.concat([
    ...nodes.map((each) => bytesField(1, node(each))),
    bytesField(2, "graph"),
    ...constants.map((each) => bytesField(5, constant(each))),
    ...inputs.map((each) => bytesField(11, value(each))),
    ...outputs.map((each) => bytesField(12, value(each))),
  ]);
}

/** NodeProto {1 input, 2 output, 4 operator, 5 attribute}. */
function node({ type, inputs, outputs, attributes = {} }: OnnxNode): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => bytesField(1, name)),
    ...outputs.map((name) => bytesField(2, name)),
    bytesField(4, type),
    ...Object.entries(attributes).map(([name, content]) =>
      bytesField(5, Buffer.concat([bytesField(1, name), attribute(content)])),
    ),
  ]);
}

/** AttributeProto {3 int, 4 string, 8 ints, 20 type}. */
function attribute(content: number | readonly number[] | string): Buffer {
  if (typeof content === "number")
    return Buffer.concat([varintField(3, content), varintField(20, attributeTypes.int)]);
  if (typeof content === "string")
    return Buffer.concat([bytesField(4, content), varintField(20, attributeTypes.string)]);
  return Buffer.concat([
    ...content.map((each) => varintField(8, each)),
    varintField(20, attributeTypes.ints),
  ]);
}

/** TensorProto {1 dims, 2 type, 8 name, 9 raw data}. */
function constant({ name, type, dims, values }: OnnxConstant): Buffer {
  return Buffer.concat([
    ...dims.map((size) => varintField(1, size)),
    varintField(2, elementTypes[type]),
    bytesField(8, name),
    bytesField(9, rawData(type, values)),
  ]);
}

/** ValueInfoProto {1 name, 2 type: {1 tensor: {1 element type, 2 shape: {1 dimension: {1 size or 2 its name}}}}}. */
function value({ name, type, shape }: OnnxValue): Buffer {
  const dimensions = shape.map((size) =>
    bytesField(1, typeof size === "number" ? varintField(1, size) : bytesField(2, size)),
  );
  const tensor = Buffer.concat([
    varintField(1, elementTypes[type]),
    bytesField(2, Buffer.concat(dimensions)),
  ]);
  return Buffer.concat([bytesField(1, name), bytesField(2, bytesField(1, tensor))]);
}

/** Little endian, as raw_data always is. */
function rawData(type: ElementType, values: readonly number[]): Uint8Array {
  switch (type) {
    case "float32":
      return new Uint8Array(Float32Array.from(values).buffer);
    case "float16":
      return new Uint8Array(Uint16Array.from(values, toHalf).buffer);
    case "int64":
      return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  }
}
