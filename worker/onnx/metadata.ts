/** The metadata an exporter wrote into an ONNX file: keys and texts that onnxruntime-node does not expose. */
import { fieldsOf } from "./protobuf";

/** onnx.proto: ModelProto.metadata_props = 14, StringStringEntryProto {key = 1, value = 2}. The props may stand before or after the graph. */
export function metadataOf(model: Buffer): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  for (const field of fieldsOf(model))
    if (field.number === 14 && field.kind === "bytes") {
      const entry = new Map<number, string>();
      for (const part of fieldsOf(field.bytes))
        if (part.kind === "bytes") entry.set(part.number, part.bytes.toString("utf8"));
      metadata.set(entry.get(1) ?? "", entry.get(2) ?? "");
    }
  return metadata;
}
