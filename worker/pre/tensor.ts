/** The model's input tensor of a picture: letterbox, channel planes and float32 in one pass over the pixels. */
import { bilinearTable } from "./bilinear";
import type { Letterbox, Size } from "./letterbox";

/** An upright picture, 3 interleaved 8-bit channels. */
export type RgbPicture = { readonly width: number; readonly height: number; readonly rgb: Uint8Array };

/** OpenCV's limit of a picture's side (CV_IO_MAX_IMAGE_WIDTH). */
export const maxSide = 2 ** 20;

/** The grey of the letterbox's border (Ultralytics). */
const border = 114;

/** How a model wants its pixels. */
export type PixelEncoding = {
  /** A level (0–255) is divided by this, in float32. */
  readonly divisor: number;
  /** What each of the 256 levels becomes in the tensor: such a number, or the bits of one in half precision. */
  readonly levels: Float32Array | Uint16Array;
  /** Which of red, green and blue (0, 1, 2) is the first plane; the last is the opposite one. */
  readonly firstChannel: 0 | 2;
};

/** YOLOv8: red first, level / 255 in float32, the true division of torch (a float32 reciprocal would be wrong for half of the levels). */
export const rgbUnit: PixelEncoding = {
  divisor: 255,
  levels: Float32Array.from({ length: 256 }, (_, level) => level / 255),
  firstChannel: 0,
};

/**
 * Fills `tensor` ([1, 3, H, W], of the kind of `encoding.levels`) with the letterboxed picture; level for level what OpenCV's resize
 * gives. `resize` is the general case of it.
 */
export function fillTensor(
  tensor: Float32Array | Uint16Array,
  picture: RgbPicture,
  box: Letterbox,
  { divisor, levels, firstChannel }: PixelEncoding,
  resize: Resize = resizePlainly,
): void {
  const { input, scaled } = box;
  fillBorder(tensor, box, levels[border]!);
  const plane = input.width * input.height;
  const target: Target = {
    tensor,
    levels,
    divisor,
    stride: input.width,
    start: box.top * input.width + box.left,
    red: firstChannel * plane,
    green: plane,
    blue: (2 - firstChannel) * plane,
  };
  if (scaled.width === picture.width && scaled.height === picture.height) copy(target, picture);
  else if (scaled.width * 2 === picture.width && scaled.height * 2 === picture.height) halve(target, picture);
  else resize(target, picture, scaled);
}

export type Resize = (target: Target, picture: RgbPicture, scaled: Size) => void;

/** Where the picture goes: the offset of its first pixel, of the next row, and of each channel's plane, in numbers. */
export type Target = {
  readonly tensor: Float32Array | Uint16Array;
  readonly levels: Float32Array | Uint16Array;
  readonly divisor: number;
  readonly stride: number;
  readonly start: number;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
};

function fillBorder(
  tensor: Float32Array | Uint16Array,
  { input, scaled, top, left }: Letterbox,
  value: number,
): void {
  const right = left + scaled.width;
  for (let plane = 0; plane < 3; plane++) {
    const first = plane * input.height;
    tensor.fill(value, first * input.width, (first + top) * input.width);
    tensor.fill(value, (first + top + scaled.height) * input.width, (first + input.height) * input.width);
    if (scaled.width === input.width) continue;
    for (let row = first + top; row < first + top + scaled.height; row++) {
      tensor.fill(value, row * input.width, row * input.width + left);
      tensor.fill(value, row * input.width + right, (row + 1) * input.width);
    }
  }
}

// The channels are written out in each loop: a loop over three is half as slow again.

function copy({ tensor, levels, stride, start, red, green, blue }: Target, picture: RgbPicture): void {
  const { width, height, rgb } = picture;
  for (let y = 0; y < height; y++) {
    let to = start + y * stride;
    for (let from = y * width * 3, end = from + width * 3; from < end; from += 3, to++) {
      tensor[to + red] = levels[rgb[from]!]!;
      tensor[to + green] = levels[rgb[from + 1]!]!;
      tensor[to + blue] = levels[rgb[from + 2]!]!;
    }
  }
}

/** OpenCV resize: exactly half in both axes silently becomes the mean of 2×2 pixels. */
function halve({ tensor, levels, stride, start, red, green, blue }: Target, picture: RgbPicture): void {
  const { width, height, rgb } = picture;
  const row = width * 3;
  const mean = (p: number): number => (rgb[p]! + rgb[p + 3]! + rgb[p + row]! + rgb[p + row + 3]! + 2) >> 2;
  for (let y = 0; y < height / 2; y++) {
    let to = start + y * stride;
    for (let from = 2 * y * row, end = from + row; from < end; from += 6, to++) {
      tensor[to + red] = levels[mean(from)]!;
      tensor[to + green] = levels[mean(from + 1)]!;
      tensor[to + blue] = levels[mean(from + 2)]!;
    }
  }
}

/** OpenCV resize: the vertical pass works on the horizontal sums cut to 4 bits less, and rounds once at the end. */
export function resizePlainly(
  { tensor, levels, stride, start, red, green, blue }: Target,
  { width, height, rgb }: RgbPicture,
  scaled: Size,
): void {
  const across = bilinearTable(width, scaled.width, "move-weight");
  const down = bilinearTable(height, scaled.height, "keep-weight");
  const left = across.first.map((position) => position * 3);
  const right = across.second.map((position) => position * 3);
  const { firstWeight: leftWeight, secondWeight: rightWeight } = across;
  for (let y = 0; y < scaled.height; y++) {
    const upper = down.first[y]! * width * 3;
    const lower = down.second[y]! * width * 3;
    const upperWeight = down.firstWeight[y]!;
    const lowerWeight = down.secondWeight[y]!;
    let to = start + y * stride;
    for (let x = 0; x < scaled.width; x++, to++) {
      const lw = leftWeight[x]!;
      const rw = rightWeight[x]!;
      const ul = upper + left[x]!;
      const ur = upper + right[x]!;
      const ll = lower + left[x]!;
      const lr = lower + right[x]!;
      const redLevel =
        (((upperWeight * ((rgb[ul]! * lw + rgb[ur]! * rw) >> 4)) >> 16) +
          ((lowerWeight * ((rgb[ll]! * lw + rgb[lr]! * rw) >> 4)) >> 16) +
          2) >>
        2;
      const greenLevel =
        (((upperWeight * ((rgb[ul + 1]! * lw + rgb[ur + 1]! * rw) >> 4)) >> 16) +
          ((lowerWeight * ((rgb[ll + 1]! * lw + rgb[lr + 1]! * rw) >> 4)) >> 16) +
          2) >>
        2;
      const blueLevel =
        (((upperWeight * ((rgb[ul + 2]! * lw + rgb[ur + 2]! * rw) >> 4)) >> 16) +
          ((lowerWeight * ((rgb[ll + 2]! * lw + rgb[lr + 2]! * rw) >> 4)) >> 16) +
          2) >>
        2;
      tensor[to + red] = levels[redLevel]!;
      tensor[to + green] = levels[greenLevel]!;
      tensor[to + blue] = levels[blueLevel]!;
    }
  }
}
