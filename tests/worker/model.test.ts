import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel } from "../../worker/model";
import { project } from "../support/command";
import { meanModel } from "../support/meanModel";
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

  it("takes class names from a file that is given, from one beside the model, and else its own", () =>
    withTemporaryFolder(async (folder) => {
      const [file, given] = [join(folder, "m.onnx"), join(folder, "classes.yaml")];
      const namesOf = async (namesFile?: string): Promise<readonly string[]> => {
        const model = await loadModel(file, { namesFile });
        await model.release();
        return model.info.classNames;
      };
      writeFileSync(
        file,
        meanModel({
          input: [1, 3, 64, 64],
          rows: Array.from({ length: 6 }, () => new Array<number>(84).fill(0)),
          metadata: { names: "['cat', 'dog']" },
        }),
      );
      expect(await namesOf()).toEqual(["cat", "dog"]);

      writeFileSync(join(folder, "m.names.txt"), "chat\nchien\n");
      expect(await namesOf()).toEqual(["chat", "chien"]);

      writeFileSync(given, "names: {0: Katze, 1: Hund}");
      expect(await namesOf(given)).toEqual(["Katze", "Hund"]);

      writeFileSync(given, "names: [Katze]");
      await expect(namesOf(given)).rejects.toThrow(
        "m.onnx has 2 classes, and the file with their names has 1.",
      );
      const missing = join(folder, "none.txt");
      await expect(namesOf(missing)).rejects.toThrow(`There is no file with class names ${missing}.`);
    }));

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
