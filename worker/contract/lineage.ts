/** The lineage: the identity of everything that decides a detection except the image. */
import { createHash } from "node:crypto";
import type { LayerDigests } from "./layers";
import type { DetectionSettings } from "./settings";

/** First 16 hex digits of the sha256 over canonical JSON of layers and settings. */
export function lineageOf(layers: LayerDigests, settings: DetectionSettings): string {
  return createHash("sha256")
    .update(canonicalJson({ ...layers, settings }))
    .digest("hex")
    .slice(0, 16);
}

/** JSON with sorted keys, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}
