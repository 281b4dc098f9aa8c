import { describeModel, type ValueDescription } from "../../../worker/onnx/describe";

const tensor = (name: string, shape: (number | string)[], type = "float32"): ValueDescription => ({
  name,
  isTensor: true,
  type,
  shape,
});
const images = tensor("images", [1, 3, 640, 640]);
const output0 = tensor("output0", [1, 84, 8400]);

function described(
  metadata: Record<string, string>,
  input: ValueDescription = images,
  outputs: ValueDescription[] = [output0],
) {
  return describeModel("m.onnx", new Map(Object.entries(metadata)), [input], outputs);
}

describe("a model's description", () => {
  it("takes sizes from the input and names from the metadata", () => {
    const names = { names: "{0: 'cat', 1: \"dog's\"}" };

    expect(described(names, tensor("x", [1, 3, 320, 416]), [tensor("y", [1, 6, 2730])])).toEqual({
      layout: "yolov8",
      inputHeight: 320,
      inputWidth: 416,
      isDynamic: false,
      stride: 32,
      batch: 1,
      elementType: "float32",
      classNames: ["cat", "dog's"],
    });
  });

  it("numbers the classes when no names can be read", () => {
    const { classNames } = described({ names: "what is this" }, images, [tensor("y", [1, 6, 8400])]);

    expect(classNames).toEqual(["class0", "class1"]);
  });

  it("takes a dynamic export at the size it was exported at", () => {
    const dynamic = tensor("images", ["batch", 3, "height", "width"]);
    const output = tensor("output0", ["batch", 5, "anchors"]);

    const exported = described({ names: "['a']", imgsz: "[384, 640]" }, dynamic, [output]);
    const unknown = described({ names: "['a']" }, dynamic, [output]);

    expect([exported.inputHeight, exported.inputWidth]).toEqual([384, 640]);
    expect([unknown.inputHeight, unknown.inputWidth]).toEqual([640, 640]);
  });

  it("does not take a two-class head for final boxes", () => {
    expect(described({ names: "['a', 'b']" }, images, [tensor("y", [1, 6, 8400])]).classNames).toHaveLength(
      2,
    );
  });
});

describe("class names that a person gives", () => {
  const named = (names: string[], outputs: ValueDescription[], metadata: [string, string][] = []) =>
    describeModel("m.onnx", new Map(metadata), [images], outputs, names);

  it("count for a model whose shape does not tell its classes", () => {
    const open = [tensor("y", ["batch", "channels", "anchors"])];

    expect(named(["a", "b"], open).classNames).toEqual(["a", "b"]);
    expect(() => described({}, images, open)).toThrow(/does not tell how many classes it has: .*--names/);
  });

  it("must be as many as the model has", () => {
    const wrong = /^m\.onnx has 80 classes, and the file with their names has 2\.$/;

    expect(() => named(["a", "b"], [output0])).toThrow(wrong);
    expect(() => named(["a", "b"], [tensor("y", [1, 8400, 85])])).toThrow(wrong);
  });
});

describe("the layout of a model's output", () => {
  const layoutOf = (shape: (number | string)[], metadata: Record<string, string> = {}): string =>
    described(metadata, images, [tensor("y", shape)]).layout;

  it.each([
    ["yolov8", [1, 84, 8400]],
    ["yolov8", [1, 6, 8400]],
    ["yolov8", [1, 84, "anchors"]],
    ["end-to-end", [1, 300, 6]],
    ["end-to-end", ["batch", "boxes", 6]],
    ["yolox", [1, 8400, 85]],
    ["yolox", [1, 8400, 6]],
  ])("is %s for [%j]", (layout, shape) => {
    expect(layoutOf(shape)).toBe(layout);
  });

  it("is end-to-end for as many boxes as anchors when Ultralytics wrote the file", () => {
    expect(layoutOf([1, 8400, 6], { task: "detect", end2end: "True" })).toBe("end-to-end");
  });
});

it("a YOLOv8 model may have more grids, or coarser ones, when its class names fit", () => {
  const p2 = described({ names: "['a']" }, images, [tensor("y", [1, 5, 34000])]);
  const p6 = described({ names: "['a']", stride: "64" }, images, [tensor("y", [1, 5, 8500])]);

  expect([p2.layout, p6.layout, p6.stride]).toEqual(["yolov8", "yolov8", 64]);
});

describe("a model that cannot be used is refused by what it is", () => {
  const refused: [string, RegExp, () => unknown][] = [
    ["pose", /is a YOLO pose model/, () => described({ task: "pose" })],
    [
      "whole numbers as input",
      /takes uint8 input/,
      () => described({}, tensor("x", [1, 3, 640, 640], "uint8")),
    ],
    ["grey input", /takes input \[1, 1, 640, 640\]/, () => described({}, tensor("images", [1, 1, 640, 640]))],
    ["classification", /is a classification model/, () => described({}, images, [tensor("y", [1, 1000])])],
    [
      "segmentation without metadata",
      /has 2 outputs, as a segmentation model has/,
      () => described({}, images, [tensor("y", [1, 116, 8400]), tensor("p", [1, 32, 160, 160])]),
    ],
    [
      "two outputs that are no segmentation",
      /has 2 outputs, \[1, 8400, 4\] and \[1, 8400, 80\]/,
      () => described({}, images, [tensor("boxes", [1, 8400, 4]), tensor("scores", [1, 8400, 80])]),
    ],
    [
      "RT-DETR, whose boxes look like final ones",
      /is an RT-DETR model/,
      () => described({ task: "detect", head: "RTDETRDecoder" }, images, [tensor("y", [1, 300, 6])]),
    ],
    [
      "RT-DETR without metadata",
      /gives output \[1, 300, 84\]/,
      () => described({}, images, [tensor("y", [1, 300, 84])]),
    ],
    [
      "oriented boxes that are final",
      /gives final boxes with 7 values each, not 6/,
      () => described({ end2end: "True" }, images, [tensor("y", [1, 300, 7])]),
    ],
    [
      "keypoints beside the classes",
      /gives 56 values an anchor, which does not fit its 1 classes/,
      () => described({ names: "['person']" }, images, [tensor("y", [1, 56, 8400])]),
    ],
    [
      "YOLOX with an open input",
      /gives output \[1, anchors, 85\]/,
      () => described({}, tensor("images", [1, 3, "height", "width"]), [tensor("y", [1, "anchors", 85])]),
    ],
    [
      "YOLOv5, anchors first",
      /has the head of the original YOLOv5/,
      () => described({ names: "['a']" }, images, [tensor("y", [1, 25200, 85])]),
    ],
    [
      "no output to speak of",
      /gives output \[1, 32, 160, 160\]/,
      () => described({}, images, [tensor("p", [1, 32, 160, 160])]),
    ],
  ];

  it.each(refused)("%s", (_kind, message, act) => {
    expect(act).toThrow(message);
    expect(act).toThrow(/^m\.onnx .*; needed is a detection model: YOLOv8 or 11 /);
  });
});
