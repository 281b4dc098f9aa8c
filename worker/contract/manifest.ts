/** A shard's manifest: what one task is to do. NDJSON: the first line is the header, each further line an image. */
import { z } from "zod";
import { parseLine } from "./ndjson";
import { detectionSettings } from "./settings";

const header = z.strictObject({
  version: z.literal(1),
  job: z.string(),
  task: z.string(),
  lineage: z.string(),
  settings: detectionSettings,
  input: z.strictObject({ containerUrl: z.url() }),
  output: z.strictObject({
    containerUrl: z.url(),
    /** Blob prefix of this task's results, `runs/<job>/<task>`; no slash at the end. */
    prefix: z.string(),
  }),
  /** Client id of the pool's identity that reads input and writes output. */
  identityClientId: z.string(),
});

const image = z.strictObject({
  name: z.string(),
  etag: z.string(),
  /** Size of the blob in bytes when it was planned. */
  bytes: z.int().nonnegative(),
  /** Blob name of the annotated JPEG in the output container; null: none is wanted. */
  annotated: z.string().nullable(),
});

export type ManifestHeader = z.infer<typeof header>;
export type ManifestImage = z.infer<typeof image>;
export type Manifest = { readonly header: ManifestHeader; readonly images: readonly ManifestImage[] };

export function formatManifest(manifest: Manifest): string {
  return [manifest.header, ...manifest.images].map((line) => JSON.stringify(line) + "\n").join("");
}

/** Throws an Error that names the line and the property. */
export function parseManifest(text: string): Manifest {
  const lines = text.split("\n").filter((line) => line !== "");
  return {
    header: parseLine(header, lines[0] ?? "", "manifest line 1"),
    images: lines.slice(1).map((line, index) => parseLine(image, line, `manifest line ${index + 2}`)),
  };
}
