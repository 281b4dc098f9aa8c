/** File signatures: which format the first bytes of a file claim, though the rest may be damaged. */

const signatures: readonly (readonly [format: string, pattern: RegExp])[] = [
  ["JPEG", /^\xff\xd8\xff/],
  ["PNG", /^\x89PNG\r\n/],
  ["WebP", /^RIFF[^]{4}WEBP/],
  ["TIFF", /^(II\*\0|MM\0\*)/],
  ["GIF", /^GIF8[79]a/],
  ["AVIF", /^[^]{4}ftypavi[fs]/],
];

/** Undefined for anything that is not one of the formats the worker reads. */
export function claimedFormat(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  return signatures.find(([, pattern]) => pattern.test(start))?.[0];
}
