/** The annotated JPEG's encoding: quality 95, 4:2:0, no optimised Huffman tables (half the time, the same pixels). */
import sharp from "sharp";
import type { RgbPicture } from "../pre/tensor";

export function encodeJpeg({ width, height, rgb }: RgbPicture): Promise<Buffer> {
  return sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .jpeg({ quality: 95, chromaSubsampling: "4:2:0", optimiseCoding: false })
    .toBuffer();
}
