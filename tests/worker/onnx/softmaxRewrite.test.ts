import { InferenceSession, Tensor } from "onnxruntime-node";
import { turnSoftmax } from "../../../worker/onnx/softmaxRewrite";
import { anchors, dflHead as head, expectation, reshape, softmax, transpose } from "../../support/dflHead";
import { onnxModel, type OnnxModel } from "../../support/onnxModel";
import { seededRandom } from "../../support/seededRandom";

const random = seededRandom(5);
const boxes = Float32Array.from({ length: 64 * anchors }, () => 12 * random() - 6);

async function answerOf(model: Buffer): Promise<number[]> {
  const session = await InferenceSession.create(model);
  const outputs = await session.run({ boxes: new Tensor("float32", boxes, [1, 64, anchors]) });
  await session.release();
  return Object.values(outputs).flatMap(({ data }) => [...(data as Float32Array)]);
}

describe("turning the softmax of a YOLOv8 head", () => {
  it("gives a graph with the same answer, bit for bit", async () => {
    const model = onnxModel(head());
    const turned = turnSoftmax(model)!;

    const answer = await answerOf(turned);

    expect(turned.equals(model)).toBe(false);
    expect(answer).toEqual(await answerOf(model));
    expect(new Set(answer).size).toBeGreaterThan(anchors); // no graph that answers nothing
  });

  it("turns each of several", async () => {
    const second = [reshape, transpose(), softmax()].map((each) => ({
      ...each,
      inputs: each.inputs.map((name) => (["boxes", "bins"].includes(name) ? name : `${name}2`)),
      outputs: each.outputs.map((name) => `${name}2`),
    }));
    const both = head([reshape, transpose(), softmax(), ...second, ...expectation]);
    const model = onnxModel({
      ...both,
      outputs: [...both.outputs, { name: "distribution2", type: "float32", shape: [1, 16, 4, anchors] }],
    });

    const turned = turnSoftmax(model)!;

    expect(await answerOf(turned)).toEqual(await answerOf(model));
    expect(turned.toString("latin1").match(/\/turned/g)).toHaveLength(2 * turnedNames);
  });

  it("keeps every byte around the two nodes", () => {
    const model = onnxModel(head());
    const turned = turnSoftmax(model)!;

    const before = model.subarray(model.indexOf("boxes"), model.indexOf("transposed"));
    const rest = model.subarray(model.indexOf("weights"));
    expect(turned.includes(before.subarray(0, before.indexOf("Reshape")))).toBe(true);
    expect(turned.subarray(-rest.length)).toEqual(rest);
  });
});

/** A name of the turned graph stands in its node as output and as name, and in the next as input. */
const turnedNames = 3;

describe("what is no such softmax is left alone", () => {
  const others: [string, OnnxModel][] = [
    ["over another axis", head([reshape, transpose(), softmax(2), ...expectation])],
    ["after another order of axes", head([reshape, transpose([0, 2, 3, 1]), softmax(), ...expectation])],
    [
      "whose transpose has another user",
      head([
        reshape,
        transpose(),
        softmax(),
        ...expectation,
        { type: "Relu", inputs: ["transposed"], outputs: ["elsewhere"] },
      ]),
    ],
    ["without a transpose", head([{ ...reshape, outputs: ["transposed"] }, softmax(), ...expectation])],
    ["of operators before version 13, where it flattened the axes", { ...head(), opset: 12 }],
  ];

  it.each(others)("%s", (_kind, model) => {
    expect(turnSoftmax(onnxModel(model))).toBeUndefined();
  });

  it("in bytes that are no model, which are refused", () => {
    expect(() => turnSoftmax(Buffer.from("this is no model"))).toThrow(RangeError);
  });
});
