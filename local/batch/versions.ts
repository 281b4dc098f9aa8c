/** The api-versions that the local service answers to. */
import { missingQueryParameter, unsupportedVersion } from "./errors";

/**
 * What clients in use send: the JS SDK the first, az and the Python SDK those up to the last. The paths are the same in all of them, the shapes
 * are those of the first: properties that came later are refused as unknown.
 */
export const apiVersions: readonly string[] = [
  "2022-10-01.16.0",
  "2023-05-01.17.0",
  "2023-11-01.18.0",
  "2024-02-01.19.0",
  "2024-07-01.20.0",
  "2025-06-01",
];

/** Throws MissingRequiredQueryParameter or UnsupportedRequestVersion. */
export function checkVersion(version: string | null): void {
  if (version === null) throw missingQueryParameter("api-version");
  if (!apiVersions.includes(version)) throw unsupportedVersion(version, apiVersions);
}
