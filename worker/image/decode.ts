/** Decoding: the bytes of a picture file to upright 8-bit RGB, pixel for pixel as OpenCV's imdecode where both can. */
import sharp, { type Metadata, type Sharp } from "sharp";
import { ImageError } from "../failure";
import type { RgbPicture } from "../pre/tensor";
import { rgbOfCmyk, rgbOfGrey } from "./channels";
import { claimedFormat } from "./signature";

/** Pictures above this many pixels are refused: one of them alone would take 300 MB of a small node. */
const maxPixels = 100_000_000;

/** What sharp also opens but what is no photograph: drawings and documents. */
const notRaster: readonly string[] = ["svg", "pdf", "magick", "raw"];

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
  if (bytes.length === 0) throw new ImageError("decode", "empty", "The file is empty (0 bytes).");
  const metadata = await metadataOf(bytes);
  const { width, height } = metadata;
  // A telephone's HEIC: the prebuilt libvips reads its header but has no HEVC decoder (patents).
  if (metadata.compression === "hevc")
    throw new ImageError(
      "decode",
      "unsupported",
      "HEIC pictures (HEVC) cannot be decoded; convert them to JPEG first.",
    );
  if (width * height > maxPixels)
    throw new ImageError(
      "decode",
      "too-large",
      `The picture has ${width}×${height} pixels (${Math.round((width * height) / 1e6)} megapixels); the limit is ${maxPixels / 1e6}.`,
    );
  try {
    return { ...(await pixelsOf(bytes, metadata, "truncated")), truncated: false };
  } catch (error) {
    return { ...(await pixelsOfBroken(bytes, metadata, acceptTruncated, error)), truncated: true };
  }
}

async function metadataOf(bytes: Uint8Array): Promise<Metadata> {
  // Only the header is read here, so the limit on pixels (which is checked right after) need not apply.
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      const format = claimedFormat(bytes);
      throw format === undefined ? notAnImage({ cause }) : corrupt(format, { cause });
    });
  if (notRaster.includes(metadata.format)) throw notAnImage();
  return metadata;
}

function notAnImage(options?: ErrorOptions): ImageError {
  const message = "The file is not a picture of a kind that can be read (JPEG, PNG, WebP, TIFF, GIF, AVIF).";
  return new ImageError("decode", "not-an-image", message, options);
}

function corrupt(format: string, options: ErrorOptions): ImageError {
  const message = `The ${format} picture is damaged or cut short and cannot be decoded.`;
  return new ImageError("decode", "corrupt", message, options);
}

/** A picture that fails when truncation counts but passes when it does not is truncated; one that never passes is corrupt. */
async function pixelsOfBroken(
  bytes: Uint8Array,
  metadata: Metadata,
  acceptTruncated: boolean,
  cause: unknown,
): Promise<RgbPicture> {
  let pixels: RgbPicture;
  try {
    pixels = await pixelsOf(bytes, metadata, "none");
  } catch {
    throw corrupt(claimedFormat(bytes) ?? metadata.format.toUpperCase(), { cause });
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
  if (metadata.format === "jpeg" && metadata.space === "cmyk") {
    const cmyk = await raw(opened.pipelineColourspace("cmyk").toColourspace("cmyk"));
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
