/** File signatures: what kind of file the first bytes say this is, whatever its name says and though the rest may be damaged. */

export interface Signature {
  /** As people call it: "JPEG". */
  readonly format: string;
  /** False for pictures of formats that the decoders here do not have. */
  readonly decodable: boolean;
}

const decodable = (format: string, pattern: RegExp) => ({ format, decodable: true, pattern });
const refused = (format: string, pattern: RegExp) => ({ format, decodable: false, pattern });

const signatures: readonly (Signature & { readonly pattern: RegExp })[] = [
  decodable("JPEG", /^\xff\xd8\xff/),
  decodable("PNG", /^\x89PNG\r\n/),
  decodable("WebP", /^RIFF[^]{4}WEBP/),
  decodable("TIFF", /^(II[*+]\0|MM\0[*+])/),
  decodable("GIF", /^GIF8[79]a/),
  // `mif1` may hold AV1 or HEVC, which its header tells later on.
  decodable("AVIF", /^[^]{4}ftyp(avif|mif1|miaf)/),
  refused("Animated AVIF", /^[^]{4}ftyp(avis|msf1)/),
  refused("HEIC", /^[^]{4}ftyphe(ic|ix|im|is|vc|vx|vm|vs)/),
  refused("JPEG 2000", /^(\0{3}\fjP {2}\r\n\x87\n|\xff\x4f\xff\x51)/),
  refused("JPEG XL", /^(\xff\n|\0{3}\fJXL )/),
  refused("BMP", /^BM[^]{4}\0{4}/),
  refused("PNM", /^P[1-7]\s/),
  refused("PSD", /^8BPS/),
];

/** Undefined for anything that is no picture; drawings (SVG) and documents (PDF) are none. */
export function signatureOf(bytes: Uint8Array): Signature | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  return signatures.find(({ pattern }) => pattern.test(start));
}
