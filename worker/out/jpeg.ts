/** The annotated JPEG's encoding: quality 95, 4:2:0, no optimised Huffman tables (half the time, the same pixels). */
import sharp from "sharp";
import { ImageError } from "../failure";
import type { RgbPicture } from "../pre/tensor";

/** libjpeg: JPEG_MAX_DIMENSION. */
const maxSide = 65_500;

/** Throws an ImageError of stage `annotate` for a picture that no JPEG can hold. */
export async function encodeJpeg({ width, height, rgb }: RgbPicture): Promise<Buffer> {
  if (Math.max(width, height) > maxSide)
    throw new ImageError(
      "annotate",
      "too-large",
      `A JPEG has at most ${maxSide} pixels a side, the picture ${width}×${height}: detect it with annotate set to none.`,
    );
  return sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .jpeg({ quality: 95, chromaSubsampling: "4:2:0", optimiseCoding: false })
    .toBuffer();
}
