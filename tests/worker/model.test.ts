import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel } from "../../worker/model";
import { project } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";

describe("loading a model", () => {
  it("reads sizes, class names and digest, and runs", async () => {
    const model = await loadModel(join(project, "assets/model/street.onnx"));

    const output = await model.run();
    await model.release();

    expect(model.info).toMatchObject({ inputHeight: 640, inputWidth: 640 });
    expect(model.info.classNames.slice(0, 3)).toEqual(["person", "bicycle", "car"]);
    expect(output).toMatchObject({ layout: "yolov8", classes: 80, anchors: 8400 });
    expect(output.data).toHaveLength(84 * 8400);
  });

  it("says that a file is missing, a folder, or no model", async () => {
    await withTemporaryFolder(async (folder) => {
      const [missing, text] = [join(folder, "missing.onnx"), join(folder, "text.onnx")];
      writeFileSync(text, "this is no model");

      await expect(loadModel(missing)).rejects.toThrow(`There is no model file ${missing}.`);
      await expect(loadModel(folder)).rejects.toThrow(
        `The model file ${folder} cannot be read: it is a folder.`,
      );
      await expect(loadModel(text)).rejects.toThrow(
        "text.onnx is not a model that ONNX Runtime can load: Protobuf parsing failed.",
      );
    });
  });
});
