/** The worker layer: the worker and its inference process as two bundles, with the licences of what they contain. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import type { LayerRecipe } from "./cache";
import { licencesOf } from "./licences";

/**
 * Bundles `worker/main.ts` and `worker/inference.ts` of a project. Names in the bundle are relative to the project, so that
 * the bytes are the same wherever it was cloned to. Native packages stay outside: the runtime layer brings them.
 */
export async function workerLayer(project: string): Promise<LayerRecipe> {
  const bundle = await build({
    absWorkingDir: project,
    entryPoints: { main: "./worker/main.ts", inference: "./worker/inference.ts" },
    outdir: "layer",
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    external: ["onnxruntime-node", "sharp"],
    // Packages written as ES modules ask where they are (the Azure SDK does, when it loads); CommonJS says it otherwise.
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { "import.meta.url": "bundleUrl" },
    legalComments: "none",
    logLevel: "silent",
  }).catch((error: unknown) => {
    throw new Error(`The worker cannot be bundled: ${firstLine(error)}`, { cause: error });
  });
  const files = bundle.outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }));
  const licences = await licencesOf(project, Object.keys(bundle.metafile.inputs));
  files.push({ name: "licences.txt", contents: Buffer.from(licences) });
  const picture = await readFile(join(project, "worker/selftest.jpg")).catch(() => undefined);
  if (picture) files.push({ name: "selftest.jpg", contents: picture });

  const key = createHash("sha256");
  for (const { name, contents } of files) key.update(`${name} ${contents.length}\n`).update(contents);
  return {
    name: "worker",
    key: key.digest("hex"),
    stage: async (folder) => {
      for (const { name, contents } of files) await writeFile(join(folder, name), contents);
    },
  };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").slice(0, 2).join(" ");
}
