/** Versions of what decides a detection's last digits: they stand beside every summary and measurement. */
import { decoderVersions } from "./image/decode";
import { runtimeVersion } from "./model";

export type Versions = Readonly<Record<string, string>>;

export function versions(): Versions {
  return { node: process.versions.node, onnxruntime: runtimeVersion, ...decoderVersions };
}
