/** Channels: pixels that sharp does not hand over as RGB, made RGB as OpenCV makes them. */

/** Grey to RGB: the channel three times. */
export function rgbOfGrey(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let at = 0, to = 0; at < grey.length; at++, to += 3) rgb.fill(grey[at]!, to, to + 3);
  return rgb;
}

/** CMYK of a JPEG to RGB, OpenCV icvCvt_CMYK2BGR: JPEGs hold it inverted; then channel = k - ((255 - c) · k >> 8). */
export function rgbOfJpegCmyk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let at = 0, to = 0; at < cmyk.length; at += 4, to += 3) {
    const k = 255 - cmyk[at + 3]!;
    for (let c = 0; c < 3; c++) rgb[to + c] = k - ((cmyk[at + c]! * k) >> 8);
  }
  return rgb;
}

/** CMYK of a TIFF to RGB, as libtiff hands it to OpenCV (putRGBcontig8bitCMYKtile): channel = (255 - k) · (255 - c) / 255, cut off. */
export function rgbOfTiffCmyk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let at = 0, to = 0; at < cmyk.length; at += 4, to += 3) {
    const white = 255 - cmyk[at + 3]!;
    for (let c = 0; c < 3; c++) rgb[to + c] = Math.floor((white * (255 - cmyk[at + c]!)) / 255);
  }
  return rgb;
}
