/** Writing protobuf fields: the counterpart of the walk in protobuf.ts. */

/** Protocol Buffers encoding, wire type 2: a text, bytes or a message. */
export function bytesField(number: number, content: Uint8Array | string): Buffer {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return Buffer.concat([bytesHeader(number, bytes.length), bytes]);
}

/** What stands before the content of such a field. */
export function bytesHeader(number: number, length: number): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(length)]);
}

/** Wire type 0; for whole numbers from 0 to 2^53. */
export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}
