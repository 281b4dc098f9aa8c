/** Decoding: the bytes of a picture file to upright 8-bit RGB, pixel for pixel as OpenCV's imdecode where both can. */
import sharp, { type Metadata, type Sharp } from "sharp";
import { ImageError } from "../failure";
import { maxSide, type RgbPicture } from "../pre/tensor";
import { rgbOfGrey, rgbOfJpegCmyk, rgbOfTiffCmyk } from "./channels";
import { signatureOf } from "./signature";

/** Pictures above this many pixels are refused: one of them alone would take 300 MB of a small node. */
const maxPixels = 100_000_000;

// One picture a process at a time: libvips' own threads and its cache only compete with inference.
sharp.concurrency(1);
sharp.cache(false);

export const decoderVersions: Readonly<Record<string, string>> = {
  sharp: sharp.versions.sharp,
  libvips: sharp.versions.vips,
};

export type DecodedPicture = RgbPicture & { readonly truncated: boolean };

/** Throws an ImageError of stage `decode`: `empty`, `not-an-image`, `unsupported`, `too-large`, `truncated`, `corrupt`. */
export async function decode(bytes: Uint8Array, acceptTruncated: boolean): Promise<DecodedPicture> {
  const format = formatOf(bytes);
  const metadata = await metadataOf(bytes, format);
  try {
    return { ...(await pixelsOf(bytes, metadata, "truncated")), truncated: false };
  } catch (error) {
    return { ...(await pixelsOfBroken(bytes, metadata, format, acceptTruncated, error)), truncated: true };
  }
}

/** Decided before any decoder sees the file: what claims no format that is read here (a drawing, a document) is not parsed at all. */
function formatOf(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new ImageError("decode", "empty", "The file is empty (0 bytes).");
  const signature = signatureOf(bytes);
  if (signature === undefined)
    throw new ImageError(
      "decode",
      "not-an-image",
      "The file is not a picture of a kind that can be read (JPEG, PNG, WebP, TIFF, GIF, AVIF).",
    );
  if (!signature.decodable) throw unsupported(`${signature.format} pictures`);
  return signature.format;
}

async function metadataOf(bytes: Uint8Array, format: string): Promise<Metadata> {
  // Only the header is read here, so the limit on pixels (which is checked right after) need not apply.
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw corrupt(format, { cause });
    });
  const { width, height, compression, depth } = metadata;
  // The prebuilt libvips reads a HEIC's header but has no HEVC decoder (patents).
  if (compression === "hevc") throw unsupported("HEIC pictures");
  // TIFF: nothing says which range of 32-bit or floating-point samples is black to white; OpenCV reads none of them as a picture.
  if (depth !== "uchar" && depth !== "ushort") throw unsupported(`${format} pictures of ${depth} samples`);
  // A longer side is beyond OpenCV, and a picture of one column decodes line by line, for minutes.
  if (width * height > maxPixels || Math.max(width, height) > maxSide)
    throw new ImageError(
      "decode",
      "too-large",
      `The picture has ${width}×${height} pixels (${Math.round((width * height) / 1e6)} megapixels); the limit is ${maxPixels / 1e6} megapixels and ${maxSide} a side.`,
    );
  return metadata;
}

function unsupported(what: string): ImageError {
  return new ImageError(
    "decode",
    "unsupported",
    `${what} cannot be decoded here; convert them to JPEG or 8-bit PNG first.`,
  );
}

function corrupt(format: string, options: ErrorOptions): ImageError {
  const message = `The ${format} picture cannot be decoded: it is damaged, cut short, or of a rare kind.`;
  return new ImageError("decode", "corrupt", message, options);
}

/** A picture that fails when truncation counts but passes when it does not is truncated; one that never passes is corrupt. */
async function pixelsOfBroken(
  bytes: Uint8Array,
  metadata: Metadata,
  format: string,
  acceptTruncated: boolean,
  cause: unknown,
): Promise<RgbPicture> {
  let pixels: RgbPicture;
  try {
    pixels = await pixelsOf(bytes, metadata, "none");
  } catch {
    throw corrupt(format, { cause });
  }
  if (acceptTruncated) return pixels;
  throw new ImageError("decode", "truncated", "The picture is truncated: the end of its data is missing.", {
    cause,
  });
}

/** Embedded colour profiles are ignored, EXIF orientation is applied, alpha is dropped: as cv2.imdecode(IMREAD_COLOR) does. */
async function pixelsOf(
  bytes: Uint8Array,
  metadata: Metadata,
  failOn: "truncated" | "none",
): Promise<RgbPicture> {
  const opened = sharp(bytes, {
    ignoreIcc: true,
    failOn,
    pages: 1,
    limitInputPixels: maxPixels,
  }).autoOrient();
  if (metadata.space === "cmyk") {
    const cmyk = await raw(opened.pipelineColourspace("cmyk").toColourspace("cmyk"));
    const rgbOfCmyk = metadata.format === "jpeg" ? rgbOfJpegCmyk : rgbOfTiffCmyk;
    return { width: cmyk.info.width, height: cmyk.info.height, rgb: rgbOfCmyk(cmyk.data) };
  }
  const { data, info } = await raw(opened.toColourspace("srgb").removeAlpha());
  return {
    width: info.width,
    height: info.height,
    rgb: info.channels === 1 ? rgbOfGrey(data) : data,
  };
}

function raw(picture: Sharp) {
  return picture.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
}
