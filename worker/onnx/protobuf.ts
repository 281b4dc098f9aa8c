/** A walk over protobuf bytes: the fields of one message, without a schema and without copying. */

/** A length-delimited field (text, bytes, a message) or a varint. Fixed-width fields, which ONNX headers do not use, are skipped. */
export type Field =
  | { readonly number: number; readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly number: number; readonly kind: "varint"; readonly value: number };

/** Protocol Buffers encoding: a tag is `number << 3 | wire type`. Throws a RangeError where the bytes are no message. */
export function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;

  const varint = (): number => {
    // Doubles, not 32-bit integers: lengths of large models pass 2^31.
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError("not a protobuf message");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };

  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) yield { number, kind: "varint", value: varint() };
    else if (wireType === 1) at += 8;
    else if (wireType === 5) at += 4;
    else if (wireType === 2) {
      const end = varint() + at;
      if (end > message.length) throw new RangeError("not a protobuf message");
      yield { number, kind: "bytes", bytes: message.subarray(at, end) };
      at = end;
    } else throw new RangeError("not a protobuf message");
  }
}
