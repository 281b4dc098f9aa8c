import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { selfTest } from "../../worker/selfTest";
import { project, run } from "../support/command";
import { withTemporaryFolder } from "../support/temporaryFolder";
import { itWithVerificationData, verificationDir } from "../support/verification";

const street = join(project, "assets/model/street.onnx");

/** A model folder as the model layer has it: the model and, where it has one, its own test picture. */
async function withModel(
  picture: Buffer | string | undefined,
  use: (model: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const model = join(folder, "model.onnx");
    copyFileSync(street, model);
    if (typeof picture === "string") copyFileSync(picture, join(folder, "selftest.jpg"));
    else if (picture !== undefined) writeFileSync(join(folder, "selftest.jpg"), picture);
    await use(model);
  });
}

describe("the self-test", () => {
  it("passes a model that finds things in its own test picture", async () => {
    await withModel(join(project, "assets/images/street-01.jpg"), async (model) => {
      const report = await selfTest(model);

      expect(report).toMatchObject({
        ok: true,
        picture: "model",
        model: {
          sha256: "6d26d23400afec3134c71f0532a0d985be7a6bbd99dc99cdbb88eebc86a218f4",
          inputHeight: 640,
          inputWidth: 640,
          classes: 80,
        },
      });
      expect(report.detections).toBe(11);
      expect(report.highestScore).toBeCloseTo(0.97, 2);
      expect(Object.keys(report.versions).sort()).toEqual(["libvips", "node", "onnxruntime", "sharp"]);
    });
  });

  it("passes a model that may know nothing in the worker's neutral picture", async () => {
    await withModel(undefined, async (model) => {
      expect(await selfTest(model)).toMatchObject({ ok: true, picture: "worker" });
    });
  });

  it("fails a model that finds nothing in its own test picture", async () => {
    const grey = await sharp({ create: { width: 64, height: 64, channels: 3, background: "grey" } })
      .jpeg()
      .toBuffer();

    await withModel(grey, async (model) => {
      await expect(selfTest(model)).rejects.toThrow(
        "The self-test failed: the model finds nothing in its own test picture.",
      );
    });
  });

  itWithVerificationData("passes real models on the worker's picture", async () => {
    const report = await selfTest(join(verificationDir, "models/yolo11n-320-int8.onnx"));

    expect(report).toMatchObject({ picture: "worker", model: { inputHeight: 320, inputWidth: 320 } });
    expect(report.highestScore).toBeGreaterThan(0);
  });

  itWithVerificationData(
    "fails a model whose scores are all 0, with a sentence and exit code 1",
    async () => {
      const model = join(verificationDir, "models/broken-detects-nothing.onnx");

      const { code, stdout, stderr } = await run(process.execPath, [
        ...["--require", "tsx/cjs", "worker/main.ts", "self-test", "--model", model],
      ]);

      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(
        /^The self-test failed: every class score of the model is exactly 0, [^\n]+\.\n$/,
      );
    },
  );
});
