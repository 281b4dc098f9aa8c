/** The model's input tensor of a picture: letterbox, channel planes and float32 in one pass over the pixels. */
import { bilinearTable } from "./bilinear";
import type { Letterbox } from "./letterbox";

/** An upright picture, 3 interleaved 8-bit channels. */
export type RgbPicture = { readonly width: number; readonly height: number; readonly rgb: Uint8Array };

/** The grey of the letterbox's border (Ultralytics). */
const border = 114;

/** level / 255 in float32, the true division of torch (a float32 reciprocal would be wrong for half of the levels). */
const unit = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/** Fills `tensor` ([1, 3, H, W]) with the letterboxed picture; bit for bit what OpenCV's resize and torch's division give. */
export function fillTensor(tensor: Float32Array, picture: RgbPicture, box: Letterbox): void {
  tensor.fill(unit[border]!);
  const { scaled } = box;
  if (scaled.width === picture.width && scaled.height === picture.height) copy(tensor, picture, box);
  else if (scaled.width * 2 === picture.width && scaled.height * 2 === picture.height)
    halve(tensor, picture, box);
  else resize(tensor, picture, box);
}

function copy(tensor: Float32Array, { width, height, rgb }: RgbPicture, box: Letterbox): void {
  const plane = box.input.width * box.input.height;
  for (let y = 0; y < height; y++) {
    let to = (box.top + y) * box.input.width + box.left;
    for (let from = y * width * 3, end = from + width * 3; from < end; from += 3, to++) {
      tensor[to] = unit[rgb[from]!]!;
      tensor[to + plane] = unit[rgb[from + 1]!]!;
      tensor[to + 2 * plane] = unit[rgb[from + 2]!]!;
    }
  }
}

/** OpenCV resize: exactly half in both axes silently becomes the mean of 2×2 pixels. */
function halve(tensor: Float32Array, { width, rgb }: RgbPicture, box: Letterbox): void {
  const plane = box.input.width * box.input.height;
  const row = width * 3;
  for (let y = 0; y < box.scaled.height; y++) {
    let to = (box.top + y) * box.input.width + box.left;
    let from = 2 * y * row;
    for (let x = 0; x < box.scaled.width; x++, to++, from += 6)
      for (let c = 0; c < 3; c++) {
        const p = from + c;
        tensor[to + c * plane] = unit[(rgb[p]! + rgb[p + 3]! + rgb[p + row]! + rgb[p + row + 3]! + 2) >> 2]!;
      }
  }
}

/** OpenCV resize: the vertical pass works on the horizontal sums cut to 4 bits less, and rounds once at the end. */
function resize(tensor: Float32Array, { width, height, rgb }: RgbPicture, box: Letterbox): void {
  const across = bilinearTable(width, box.scaled.width, "move-weight");
  const down = bilinearTable(height, box.scaled.height, "keep-weight");
  const left = across.first.map((position) => position * 3);
  const right = across.second.map((position) => position * 3);
  const { firstWeight, secondWeight } = across;
  const plane = box.input.width * box.input.height;
  for (let y = 0; y < box.scaled.height; y++) {
    const upper = down.first[y]! * width * 3;
    const lower = down.second[y]! * width * 3;
    const upperWeight = down.firstWeight[y]!;
    const lowerWeight = down.secondWeight[y]!;
    let to = (box.top + y) * box.input.width + box.left;
    for (let x = 0; x < box.scaled.width; x++, to++) {
      const l = left[x]!;
      const r = right[x]!;
      const lw = firstWeight[x]!;
      const rw = secondWeight[x]!;
      for (let c = 0; c < 3; c++) {
        const above = rgb[upper + l + c]! * lw + rgb[upper + r + c]! * rw;
        const below = rgb[lower + l + c]! * lw + rgb[lower + r + c]! * rw;
        const level = (((upperWeight * (above >> 4)) >> 16) + ((lowerWeight * (below >> 4)) >> 16) + 2) >> 2;
        tensor[to + c * plane] = unit[level]!;
      }
    }
  }
}
