/** Version numbers of programs, as far as they are compared. */

export type Version = readonly [major: number, minor: number, patch: number];

/** The first number with a point in a text, "v3.248.0" or "azure-cli 2.67.0"; undefined when there is none. */
export function versionIn(text: string): Version | undefined {
  const [, major, minor, patch = "0"] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : [+major, +minor, +patch];
}

export function isOlder(version: Version, than: Version): boolean {
  const differs = version.findIndex((part, index) => part !== than[index]);
  return differs >= 0 && version[differs]! < than[differs]!;
}

export const versionText = (version: Version): string => version.join(".");
