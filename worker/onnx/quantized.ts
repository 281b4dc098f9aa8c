/** Whether a model computes in integers, whose sums and roundings differ from one instruction set to another. */
import { fieldsOf } from "./protobuf";

/** onnx.proto: ModelProto.graph, GraphProto.node, NodeProto.op_type. */
const modelGraph = 7;
const graphNode = 1;
const nodeType = 4;

/** ONNX operators: each way to quantize a graph (dynamic, QDQ, QOperator) has at least one of them. */
const quantizing: ReadonlySet<string> = new Set([
  "QuantizeLinear",
  "DynamicQuantizeLinear",
  "QLinearConv",
  "ConvInteger",
  "MatMulInteger",
]);

/** `model`: the bytes of an ONNX file. Throws a RangeError for bytes that are no model. */
export function isQuantized(model: Buffer): boolean {
  return partsOf(model, modelGraph)
    .flatMap((graph) => partsOf(graph, graphNode))
    .flatMap((node) => partsOf(node, nodeType))
    .some((type) => quantizing.has(type.toString("utf8")));
}

function partsOf(message: Buffer, number: number): Buffer[] {
  return [...fieldsOf(message)].flatMap((field) =>
    field.number === number && field.kind === "bytes" ? [field.bytes] : [],
  );
}
