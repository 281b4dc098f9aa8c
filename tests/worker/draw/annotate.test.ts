import type { Detection } from "../../../worker/contract/result";
import { annotate, labelOf, lineWidthOf } from "../../../worker/draw/annotate";
import { coloursOf } from "../../../worker/draw/palette";
import type { RgbPicture } from "../../../worker/pre/tensor";

const grey = 140;
const canvas = (width: number, height: number): RgbPicture => ({
  width,
  height,
  rgb: new Uint8Array(width * height * 3).fill(grey),
});

function detection(box: [number, number, number, number], classNumber = 0, name = "person"): Detection {
  const [x1, y1, x2, y2] = box;
  return { name, class: classNumber, confidence: 0.876, box: { x1, y1, x2, y2 } };
}

function pixel({ width, rgb }: RgbPicture, x: number, y: number): string {
  return Buffer.from(rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)).toString("hex");
}

const blue = "042aff";
const background = "8c8c8c";

describe("annotation", () => {
  it.each([
    [320, 240, 2],
    [640, 480, 2],
    [1280, 720, 3],
    [1920, 1080, 5],
    [4000, 3000, 11],
  ])("of %d×%d pixels has lines of %d pixels", (width, height, lineWidth) => {
    expect(lineWidthOf(canvas(width, height))).toBe(lineWidth);
  });

  it("centres the outline on the box's edges, cut to whole pixels, and leaves the rest alone", () => {
    const picture = canvas(320, 240);

    annotate(picture, [detection([100.9, 100.2, 200.7, 180.99])]);

    const row = 140;
    expect([98, 99, 100, 101].map((x) => pixel(picture, x, row))).toEqual([
      background,
      blue,
      blue,
      background,
    ]);
    expect([198, 199, 200, 201].map((x) => pixel(picture, x, row))).toEqual([
      background,
      blue,
      blue,
      background,
    ]);
    const column = 190;
    expect([101, 178, 179, 180, 181].map((y) => pixel(picture, column, y))).toEqual([
      background,
      background,
      blue,
      blue,
      background,
    ]);
    expect(pixel(picture, 150, 140)).toBe(background);
  });

  it("cuts what lies outside the picture", () => {
    const picture = canvas(50, 40);

    annotate(picture, [detection([0, 0, 50, 40])]);

    expect([0, 49].map((x) => pixel(picture, x, 39))).toEqual([blue, blue]);
    expect(picture.rgb).toHaveLength(50 * 40 * 3);
  });

  it("survives pictures smaller than their label", () => {
    for (const [width, height] of [
      [1, 1],
      [3, 200],
      [200, 3],
    ] as const)
      expect(() => annotate(canvas(width, height), [detection([0, 0, width, height])])).not.toThrow();
  });

  it("writes the label above the box where there is room, and inside it where there is none", () => {
    const above = canvas(320, 240);
    const inside = canvas(320, 240);

    annotate(above, [detection([50, 100, 250, 200])]);
    annotate(inside, [detection([50, 2, 250, 200])]);

    // The outline's own rows are 99 and 100, 1 and 2.
    expect(drawnRows(above)).toEqual({ first: 83, last: 100 });
    expect(drawnRows(inside)).toEqual({ first: 1, last: 18 });
  });

  it("moves a label left that would leave the picture", () => {
    const picture = canvas(320, 240);

    annotate(picture, [detection([300, 100, 319, 200])]);

    expect(pixel(picture, 319, 90)).toBe(blue);
    expect(pixel(picture, 230, 85)).toBe(blue);
  });

  it("draws the best detection on top", () => {
    const picture = canvas(320, 240);

    annotate(picture, [detection([50, 100, 250, 200], 0), detection([50, 100, 250, 200], 6)]);

    expect(pixel(picture, 50, 150)).toBe(blue);
  });

  it("writes text that covers about as much of its label as letters do, at every size", () => {
    for (const [width, height] of [
      [320, 240],
      [4000, 3000],
    ] as const) {
      const picture = canvas(width, height);
      annotate(picture, [detection([width / 4, height / 2, width / 1.2, height / 1.1])]);

      // White letters on blue: count both inside the label, which lies above the box.
      let [letters, ground] = [0, 0];
      for (let y = 0; y < height / 2 - 2; y++)
        for (let x = 0; x < width; x++) {
          const at = (y * width + x) * 3;
          const [r, , b] = picture.rgb.subarray(at, at + 3);
          if (b !== 255) continue;
          if (r! > 128) letters++;
          else ground++;
        }
      expect(letters / (letters + ground)).toBeGreaterThan(0.08);
      expect(letters / (letters + ground)).toBeLessThan(0.45);
    }
  });

  it("names class and confidence with two decimals", () => {
    expect(labelOf(detection([0, 0, 1, 1]))).toBe("person 0.88");
  });

  it("drops accents, and shows the number of a class whose name it cannot write", () => {
    const label = (name: string): string => labelOf(detection([0, 0, 1, 1], 7, name));

    expect(label("Fußgänger")).toBe("Fussganger 0.88");
    expect(label("zamłoda pięść")).toBe("zamloda piesc 0.88");
    expect(label("日本")).toBe("class 7 0.88");
  });

  it("draws the same whatever was drawn before it", () => {
    const drawn = (): Buffer => {
      const picture = canvas(320, 240);
      annotate(picture, [detection([50.5, 100, 250, 200], 3, "traffic light")]);
      return Buffer.from(picture.rgb);
    };
    const first = drawn();
    for (let width = 1000; width < 4000; width += 500)
      annotate(canvas(width, 600), [detection([0, 100, 900, 500], 0, "abcdefghijklmnopqrstuvwxyz")]);

    expect(drawn().equals(first)).toBe(true);
  });
});

describe("colours", () => {
  it("repeat after 20 classes", () => {
    expect(coloursOf(20)).toEqual(coloursOf(0));
    expect(coloursOf(1)).not.toEqual(coloursOf(0));
  });

  it("put dark text on light ground and white text on dark", () => {
    expect(coloursOf(2).text).toEqual({ r: 0x11, g: 0x1f, b: 0x68 });
    expect(coloursOf(0).text).toEqual({ r: 255, g: 255, b: 255 });
  });
});

/** The first block of rows that are drawn on near the box's left edge. */
function drawnRows(picture: RgbPicture): { first: number; last: number } {
  const x = 60;
  const isDrawn = Array.from({ length: picture.height }, (_, y) => pixel(picture, x, y) !== background);
  const first = isDrawn.indexOf(true);
  return { first, last: isDrawn.indexOf(false, first) - 1 };
}
