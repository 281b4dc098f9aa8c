import { Command } from "commander";
import { detectOptionsOf, withDetectFlags, type DetectFlags } from "../../worker/detectFlags";

function optionsOf(...args: string[]) {
  const command = withDetectFlags(new Command("detect"), (text) => `/typed/${text}`)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .option("--model <file>");
  command.parse(["--model", "m.onnx", "--out", "out", ...args], { from: "user" });
  return detectOptionsOf(["images"], command.opts<DetectFlags>());
}

describe("the flags of detect", () => {
  it("mean Ultralytics' defaults where none are given", () => {
    expect(optionsOf()).toEqual({
      model: "m.onnx",
      namesFile: undefined,
      out: "/typed/out",
      images: ["images"],
      threads: undefined,
      formats: {},
      settings: {
        confidence: 0.25,
        iou: 0.7,
        maxDetections: 300,
        classes: [],
        agnostic: false,
        annotate: "all",
        acceptTruncated: false,
      },
    });
  });

  it.each([
    [["--conf", "0.5", "--iou", "0", "--max-det", "7"], { confidence: 0.5, iou: 0, maxDetections: 7 }],
    [["--classes", "person, traffic light", "--classes", "5"], { classes: ["person", "traffic light", "5"] }],
    [["--agnostic", "--accept-truncated"], { agnostic: true, acceptTruncated: true }],
    [["--annotate", "positives"], { annotate: "positives" }],
    [["--annotate", "0.1"], { annotate: 0.1 }],
  ])("%j mean %j", (args, settings) => {
    expect(optionsOf(...args).settings).toMatchObject(settings);
  });

  it.each([
    [["--save-txt"], { yolo: { folder: "/typed/out", withConfidence: false } }],
    [["--save-conf"], { yolo: { folder: "/typed/out", withConfidence: true } }],
    [["--coco", "r.json", "--csv", "b.csv"], { coco: "/typed/r.json", csv: "/typed/b.csv" }],
  ])("%j ask for %j", (args, formats) => {
    expect(optionsOf(...args).formats).toEqual(formats);
  });

  it.each([
    [["--annotate", "some"], "expected all, positives, none or a share between 0 and 1."],
    [["--annotate", "1.5"], "expected all, positives, none or a share between 0 and 1."],
    [["--classes", "person,,car"], "expected names or numbers with commas between them."],
    [["--conf", "7"], "expected a number from 0 to 1."],
    [["--threads", "two"], "expected a whole number from 1 to 256."],
    [["--colour"], "error: unknown option '--colour'"],
    [["--max-det", "0"], "expected a whole number from 1 to 30000."],
  ])("%j are refused: %s", (args, message) => {
    expect(() => optionsOf(...args)).toThrow(message);
  });
});
