/** The layers: immutable, content-addressed archives that a node unpacks, and the manifest that the build writes of them. */
import { z } from "zod";
import { parseValue } from "./ndjson";

export const layerNames = ["runtime", "worker", "model"] as const;
export type LayerName = (typeof layerNames)[number];

/** sha256 (64 hex digits) of each layer's tar: the same on every machine. */
export const layerDigests = z.strictObject({ runtime: z.string(), worker: z.string(), model: z.string() });
export type LayerDigests = z.infer<typeof layerDigests>;

const builtLayer = z.strictObject({
  /** sha256 of the tar (not of the gzip, which differs between zlib versions). */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Absolute path of the .tar.gz. */
  file: z.string(),
  bytes: z.int(),
});
const buildManifest = z.strictObject({
  version: z.literal(1),
  layers: z.strictObject({ runtime: builtLayer, worker: builtLayer, model: builtLayer }),
});
export type BuildManifest = z.infer<typeof buildManifest>;

export function parseBuildManifest(value: unknown, where: string): BuildManifest {
  return parseValue(buildManifest, value, where);
}

/** Name of a layer's blob in container `layers`. */
export function layerBlobName(name: LayerName, digest: string): string {
  return `${name}/${digest}.tar.gz`;
}
