/** The model layer: the model under one name, with its self-test picture and its class names where it brings them. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { join, parse } from "node:path";
import { pipeline } from "node:stream/promises";
import type { LayerRecipe } from "./cache";

/**
 * `modelFile` becomes `model.onnx`; `<its name>.selftest.jpg` beside it becomes `selftest.jpg`, and `<its name>.names.txt`
 * `model.names.txt`, so that it lies beside the model as before.
 */
export async function modelLayer(modelFile: string): Promise<LayerRecipe> {
  if (!(await isFile(modelFile)))
    throw new Error(
      `There is no model file at ${modelFile}. Name an ONNX file of the YOLOv8 family (assets/MODELS.md says where to get one).`,
    );
  const { dir, name } = parse(modelFile);
  const files = [{ from: modelFile, to: "model.onnx" }];
  const companions = [
    { from: join(dir, `${name}.selftest.jpg`), to: "selftest.jpg" },
    { from: join(dir, `${name}.names.txt`), to: "model.names.txt" },
  ];
  for (const companion of companions) if (await isFile(companion.from)) files.push(companion);

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
