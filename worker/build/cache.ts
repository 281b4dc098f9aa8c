/** The cache of built layers: archives by their digest, and for each key of inputs the digest they once gave. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildManifest, LayerName } from "../contract/layers";
import { packFolder } from "./archive";

export type BuiltLayer = BuildManifest["layers"][LayerName];

/** How a layer is made. Equal keys mean equal content, so that `stage` runs once for each key. */
export interface LayerRecipe {
  readonly name: LayerName;
  /** Hex digest over everything that decides the content. */
  readonly key: string;
  /** Puts the layer's files into an empty folder. `scratch` is another empty folder on the same disk. */
  stage(folder: string, scratch: string): Promise<void>;
}

/**
 * The layer from the cache, or built into it. Safe when two builds run at once: each works in a folder of its own and
 * renames what it made, and both made the same.
 */
export async function cachedLayer(
  cacheFolder: string,
  recipe: LayerRecipe,
  signal?: AbortSignal,
): Promise<BuiltLayer> {
  const shelf = join(cacheFolder, recipe.name);
  const note = join(shelf, `${recipe.key}.txt`);
  const known = await readFile(note, "utf8").catch(() => undefined);
  const cached = known === undefined ? undefined : await archiveOf(shelf, known);
  if (cached) return cached;

  await mkdir(shelf, { recursive: true });
  await removeAbandoned(cacheFolder);
  const work = await mkdtemp(join(cacheFolder, "build-"));
  try {
    const [folder, scratch] = [join(work, "layer"), join(work, "scratch")];
    await mkdir(folder);
    await mkdir(scratch);
    await recipe.stage(folder, scratch);
    const archive = join(work, "layer.tar.gz");
    const digest = await packFolder(folder, archive, signal);
    await rename(archive, archivePath(shelf, digest));
    await writeFile(join(work, "note"), digest);
    await rename(join(work, "note"), note);
    const built = await archiveOf(shelf, digest);
    if (!built)
      throw new Error(
        `The ${recipe.name} layer vanished from ${shelf} while it was built. Run the build again.`,
      );
    return built;
  } finally {
    // An npm that was just interrupted may still write.
    await rm(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

function archivePath(shelf: string, digest: string): string {
  return join(shelf, `${digest}.tar.gz`);
}

async function archiveOf(shelf: string, digest: string): Promise<BuiltLayer | undefined> {
  const file = archivePath(shelf, digest);
  const found = await stat(file).catch(() => undefined);
  return found && { digest, file, bytes: found.size };
}

/** A build that was killed leaves half a gigabyte behind; no build takes an hour. */
async function removeAbandoned(cacheFolder: string): Promise<void> {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of await readdir(cacheFolder)) {
    if (!name.startsWith("build-")) continue;
    const folder = join(cacheFolder, name);
    const found = await stat(folder).catch(() => undefined);
    if (found && found.mtimeMs < anHourAgo) await rm(folder, { recursive: true, force: true });
  }
}
