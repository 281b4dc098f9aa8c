/** The build: the three layers and the manifest that names them. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildManifest, LayerName } from "../contract/layers";
import { cachedLayer, type LayerRecipe } from "./cache";
import { modelLayer } from "./modelLayer";
import { runtimeLayer } from "./runtimeLayer";
import { workerLayer } from "./workerLayer";

export interface BuildOptions {
  /** Folder of the project: its worker/ is what gets built. */
  readonly project: string;
  readonly modelFile: string;
  readonly cacheFolder: string;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Builds what the cache does not hold. The cheap checks come first: a wrong model path must not wait for an install. */
export async function buildLayers(options: BuildOptions): Promise<BuildManifest> {
  const { project, cacheFolder, signal } = options;
  const model = await modelLayer(options.modelFile);
  const worker = await workerLayer(project);
  const runtime = await runtimeLayer(project, options.progress, signal);
  const built = async (recipe: LayerRecipe) => cachedLayer(cacheFolder, recipe, signal);
  return {
    version: 1,
    layers: { model: await built(model), worker: await built(worker), runtime: await built(runtime) },
  };
}

/** Writes the manifest into the cache, under the digests it names, and returns its path. */
export async function writeManifest(cacheFolder: string, manifest: BuildManifest): Promise<string> {
  const short = (name: LayerName): string => manifest.layers[name].digest.slice(0, 12);
  const folder = join(cacheFolder, "manifests");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${short("runtime")}-${short("worker")}-${short("model")}.json`);
  await writeFile(`${file}.${process.pid}`, JSON.stringify(manifest, null, 2) + "\n");
  await rename(`${file}.${process.pid}`, file);
  return file;
}
