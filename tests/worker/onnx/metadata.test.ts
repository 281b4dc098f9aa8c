import { readFileSync } from "node:fs";
import { join } from "node:path";
import { metadataOf } from "../../../worker/onnx/metadata";
import { fieldsOf } from "../../../worker/onnx/protobuf";
import { project } from "../../support/command";

/** A length-delimited field with a number below 16. */
function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length: number[] = [];
  let left = bytes.length;
  for (; left > 127; left = Math.floor(left / 128)) length.push((left % 128) + 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length, left]), bytes]);
}

describe("the walk over protobuf bytes", () => {
  it("yields varints and bytes, and skips fixed-width fields", () => {
    const fixed64 = [1 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8];
    const fixed32 = [2 * 8 + 5, 1, 2, 3, 4];
    const varint = [3 * 8, 0x96, 0x01];
    const message = Buffer.concat([Buffer.from([...fixed64, ...fixed32, ...varint]), field(4, "text")]);

    expect([...fieldsOf(message)]).toEqual([
      { number: 3, kind: "varint", value: 150 },
      { number: 4, kind: "bytes", bytes: Buffer.from("text") },
    ]);
  });

  it.each([
    ["a length past the end", [0x0a, 0x05, 0x61]],
    ["a number that never ends", [0x08, 0xff, 0xff]],
    ["a wire type there is not", [0x0f]],
  ])("refuses %s", (_what, bytes) => {
    expect(() => [...fieldsOf(Buffer.from(bytes))]).toThrow(RangeError);
  });
});

describe("a model's metadata", () => {
  const entry = (key: string, value: string): Buffer =>
    field(14, Buffer.concat([field(1, key), field(2, value)]));

  it("is found before and after a graph of any length", () => {
    const graph = field(7, Buffer.alloc(300, 0x72));

    const metadata = metadataOf(Buffer.concat([entry("task", "detect"), graph, entry("names", "{0: 'é'}")]));

    expect([...metadata]).toEqual([
      ["task", "detect"],
      ["names", "{0: 'é'}"],
    ]);
  });

  it("is read from a real file", () => {
    const metadata = metadataOf(readFileSync(join(project, "assets/model/street.onnx")));

    expect(metadata.get("task")).toBe("detect");
    expect(metadata.get("names")).toContain("0: 'person'");
  });
});
