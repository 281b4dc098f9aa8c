/** The colours of boxes: Ultralytics' palette of 20, repeated over the classes. */

export type Colour = { readonly r: number; readonly g: number; readonly b: number };

const palette = (
  "042AFF 0BDBEB F3F3F3 00DFB7 111F68 FF6FDD FF444F CCED00 00F344 BD00FF " +
  "00B4FF DD00BA 00FFFF 26C000 01FFB3 7D24FF 7B0068 FF1B6C FC6D2F A2FF0B"
).split(" ");

/** Text on the light ones is dark, on all others white. */
const light = new Set("0BDBEB F3F3F3 00DFB7 FF6FDD CCED00 00F344 00FFFF 01FFB3 A2FF0B".split(" "));

export function coloursOf(classNumber: number): { readonly box: Colour; readonly text: Colour } {
  const hex = palette[classNumber % palette.length]!;
  return { box: colour(hex), text: colour(light.has(hex) ? "111F68" : "FFFFFF") };
}

function colour(hex: string): Colour {
  const value = parseInt(hex, 16);
  return { r: value >> 16, g: (value >> 8) & 255, b: value & 255 };
}
