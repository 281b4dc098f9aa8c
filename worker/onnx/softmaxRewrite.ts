/**
 * The softmax of a YOLOv8 head's box distribution (DFL), turned so that it runs over the last axis, where ONNX Runtime's CPU kernel is
 * several times faster; the numbers are the same. Exporters write it over 4 sides × 16 bins × anchors with the anchors last:
 *
 *     Transpose(0,2,1,3) → Softmax(axis 1)   becomes   Transpose(0,1,3,2) → Softmax(axis 3) → Transpose(0,3,1,2)
 */
import { fieldsOf } from "./protobuf";
import { bytesField, bytesHeader, varintField } from "./protobufWriter";

/** onnx.proto: numbers of the fields that are read and written here. */
const modelGraph = 7;
const modelOpset = 8;
const graphNode = 1;
const node = { input: 1, output: 2, name: 3, type: 4, attribute: 5 } as const;
const attribute = { name: 1, int: 3, ints: 8, type: 20 } as const;
const attributeTypes = { int: 2, ints: 7 } as const;
const opset = { domain: 1, version: 2 } as const;

/** From this version of the ONNX operators on, Softmax works along one axis; before, it flattened all that follow. */
const softmaxAlongAxis = 13;

interface Node {
  readonly bytes: Buffer;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly type: string;
}

/** The model with each such softmax turned; undefined when it has none (end-to-end heads have no DFL). Throws a RangeError for bytes that are no model. */
export function turnSoftmax(model: Buffer): Buffer | undefined {
  const fields = [...fieldsOf(model)];
  const graph = fields.find(({ number }) => number === modelGraph);
  if (graph?.kind !== "bytes" || !operatorsKnowAxis(model)) return undefined;
  const turned = turnGraph(graph.bytes);
  if (turned === undefined) return undefined;
  // A graph is one field of the model: what stands before and after it is kept byte for byte.
  const { start, end } = extentOf(graph.bytes, modelGraph, model);
  return Buffer.concat([
    model.subarray(0, start),
    bytesHeader(modelGraph, turned.length),
    turned,
    model.subarray(end),
  ]);
}

function operatorsKnowAxis(model: Buffer): boolean {
  for (const field of fieldsOf(model)) {
    if (field.number !== modelOpset || field.kind !== "bytes") continue;
    let [domain, version] = ["", 0];
    for (const part of fieldsOf(field.bytes)) {
      if (part.number === opset.domain && part.kind === "bytes") domain = part.bytes.toString("utf8");
      if (part.number === opset.version && part.kind === "varint") version = part.value;
    }
    if (domain === "" || domain === "ai.onnx") return version >= softmaxAlongAxis;
  }
  return false;
}

/** Undefined when the graph has no such softmax. */
function turnGraph(graph: Buffer): Buffer | undefined {
  const fields = [...fieldsOf(graph)];
  const nodes = fields.flatMap((field) =>
    field.number === graphNode && field.kind === "bytes" ? [nodeOf(field.bytes)] : [],
  );
  const replaced = new Map<Buffer, Buffer>();
  for (const softmax of nodes) {
    const transpose = nodes.find(({ outputs }) => outputs[0] === softmax.inputs[0]);
    if (transpose === undefined || !isTurnable(transpose, softmax, nodes)) continue;
    replaced.set(transpose.bytes, Buffer.alloc(0));
    replaced.set(softmax.bytes, turnedNodes(transpose.inputs[0]!, softmax.outputs[0]!));
  }
  if (replaced.size === 0) return undefined;

  // Only nodes are taken apart; everything else (weights above all) is copied as it stands.
  const parts: Buffer[] = [];
  let copiedTo = 0;
  for (const field of fields) {
    if (field.kind !== "bytes" || !replaced.has(field.bytes)) continue;
    const { start, end } = extentOf(field.bytes, graphNode, graph);
    parts.push(graph.subarray(copiedTo, start), replaced.get(field.bytes)!);
    copiedTo = end;
  }
  return Buffer.concat([...parts, graph.subarray(copiedTo)]);
}

/** Where a field with its header stands in the message that holds it. */
function extentOf(content: Buffer, number: number, message: Buffer): { start: number; end: number } {
  const contentStart = content.byteOffset - message.byteOffset;
  const header = bytesHeader(number, content.length).length;
  return { start: contentStart - header, end: contentStart + content.length };
}

function isTurnable(transpose: Node, softmax: Node, nodes: readonly Node[]): boolean {
  const users = nodes.filter(({ inputs }) => inputs.includes(softmax.inputs[0]!));
  return (
    softmax.type === "Softmax" &&
    transpose.type === "Transpose" &&
    users.length === 1 &&
    integersOf(softmax, "axis").join() === "1" &&
    integersOf(transpose, "perm").join() === "0,2,1,3"
  );
}

function turnedNodes(input: string, output: string): Buffer {
  const [turned, distribution] = [`${output}/turned`, `${output}/distribution`];
  return Buffer.concat([
    nodeField("Transpose", input, turned, integersAttribute("perm", [0, 1, 3, 2])),
    nodeField("Softmax", turned, distribution, integerAttribute("axis", 3)),
    nodeField("Transpose", distribution, output, integersAttribute("perm", [0, 3, 1, 2])),
  ]);
}

function nodeOf(bytes: Buffer): Node {
  const texts = (number: number): string[] =>
    [...fieldsOf(bytes)].flatMap((field) =>
      field.number === number && field.kind === "bytes" ? [field.bytes.toString("utf8")] : [],
    );
  return { bytes, inputs: texts(node.input), outputs: texts(node.output), type: texts(node.type)[0] ?? "" };
}

/** An attribute's whole number or numbers; none when the node does not carry it. */
function integersOf({ bytes }: Node, name: string): number[] {
  for (const field of fieldsOf(bytes)) {
    if (field.number !== node.attribute || field.kind !== "bytes") continue;
    const parts = [...fieldsOf(field.bytes)];
    const isIt = parts.some(
      (part) =>
        part.number === attribute.name && part.kind === "bytes" && part.bytes.toString("utf8") === name,
    );
    if (!isIt) continue;
    return parts.flatMap((part) => {
      if (part.kind === "varint" && (part.number === attribute.int || part.number === attribute.ints))
        return [part.value];
      // Repeated numbers may be packed into one field.
      return part.kind === "bytes" && part.number === attribute.ints ? [...part.bytes] : [];
    });
  }
  return [];
}

function nodeField(type: string, input: string, output: string, attributeBytes: Buffer): Buffer {
  return bytesField(
    graphNode,
    Buffer.concat([
      bytesField(node.input, input),
      bytesField(node.output, output),
      bytesField(node.name, output),
      bytesField(node.type, type),
      bytesField(node.attribute, attributeBytes),
    ]),
  );
}

function integerAttribute(name: string, value: number): Buffer {
  return Buffer.concat([
    bytesField(attribute.name, name),
    varintField(attribute.int, value),
    varintField(attribute.type, attributeTypes.int),
  ]);
}

function integersAttribute(name: string, values: readonly number[]): Buffer {
  return Buffer.concat([
    bytesField(attribute.name, name),
    ...values.map((value) => varintField(attribute.ints, value)),
    varintField(attribute.type, attributeTypes.ints),
  ]);
}
