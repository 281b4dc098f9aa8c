/** Whether the layers are in their container, whole. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { layerBlobName, layerNames, type LayerName } from "../../../worker/contract/layers";
import { storageStatus } from "../blobs";
import { ok, unknown, wrong, type Check, type Finding } from "./check";

/** A larger one is not fetched for this: nodes verify the digest themselves (worker/contract/node.ts). */
const verifiedUpTo = 16 * 1024 * 1024;

const layerCheck = (name: LayerName): Check => ({
  id: `layer-${name}`,
  title: `layer ${name} is there under its digest`,
  anchor: "layers-in-storage",
  change:
    "Run pulumi up: it uploads what is missing. If the state believes it is there: pulumi state delete the layer's resource first.",
  needs: ["list-layers"],
  look: async ({ target, probes, signal }) => {
    const digest = target.layers[name];
    const blob = probes.containers.layers.getBlobClient(layerBlobName(name, digest));
    let bytes: number;
    try {
      bytes = (await blob.getProperties({ abortSignal: signal() })).contentLength ?? 0;
    } catch (error) {
      if (storageStatus(error) === 404) return wrong(`there is no ${blob.name}`);
      throw error;
    }
    if (bytes > verifiedUpTo) {
      const start = await blob.downloadToBuffer(0, Math.min(2, bytes), { abortSignal: signal() });
      return assessLayer({ digest, bytes, isGzip: isGzip(start), found: null });
    }
    const archive = await blob.downloadToBuffer(0, undefined, { abortSignal: signal() });
    const found = isGzip(archive) ? digestOfTar(archive) : null;
    return assessLayer({ digest, bytes, isGzip: isGzip(archive), found });
  },
});

export const layerChecks: readonly Check[] = layerNames.map(layerCheck);

export interface LayerFacts {
  readonly digest: string;
  readonly bytes: number;
  readonly isGzip: boolean;
  /** Null: not computed. */
  readonly found: string | null;
}

/** Pure. */
export function assessLayer({ digest, bytes, isGzip: gzip, found }: LayerFacts): Finding {
  const size = `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  if (!gzip) return wrong(`${size}, and no gzip archive`);
  if (found === null)
    return bytes > verifiedUpTo
      ? ok(`${size}; nodes verify its digest`)
      : unknown(`${size}, digest not computed`);
  return found === digest
    ? ok(`${size}, digest verified`)
    : wrong(`${size}, but its tar has the digest ${found}`);
}

/** RFC 1952, 2.3.1. */
function isGzip(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** Of the tar inside; a text that is no digest when there is none. */
function digestOfTar(archive: Buffer): string {
  try {
    return createHash("sha256").update(gunzipSync(archive)).digest("hex");
  } catch {
    return "none: it cannot be unpacked";
  }
}
