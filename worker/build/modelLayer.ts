/** The model layer: the model under one name, and the picture it must know in the self-test where it brings one. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { join, parse } from "node:path";
import { pipeline } from "node:stream/promises";
import type { LayerRecipe } from "./cache";

/** `modelFile` becomes `model.onnx`; `<its name>.selftest.jpg` beside it becomes `selftest.jpg`. */
export async function modelLayer(modelFile: string): Promise<LayerRecipe> {
  if (!(await isFile(modelFile)))
    throw new Error(
      `There is no model file at ${modelFile}. Name an ONNX file of the YOLOv8 family (assets/MODELS.md says where to get one).`,
    );
  const { dir, name } = parse(modelFile);
  const picture = join(dir, `${name}.selftest.jpg`);
  const files = [{ from: modelFile, to: "model.onnx" }];
  if (await isFile(picture)) files.push({ from: picture, to: "selftest.jpg" });

  const key = createHash("sha256");
  for (const { from, to } of files) key.update(`${to} ${await sha256Of(from)}\n`);
  return {
    name: "model",
    key: key.digest("hex"),
    stage: async (folder) => {
      for (const { from, to } of files) await copyFile(from, join(folder, to));
    },
  };
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
