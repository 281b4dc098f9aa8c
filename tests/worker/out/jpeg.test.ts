import sharp from "sharp";
import { encodeJpeg } from "../../../worker/out/jpeg";

const filled = (width: number, height: number) => ({
  width,
  height,
  rgb: new Uint8Array(width * height * 3).fill(120),
});

/** Segments of a JPEG before its data, by their marker. */
function segmentsOf(jpeg: Buffer): Map<number, Buffer[]> {
  const segments = new Map<number, Buffer[]>();
  for (let at = 2; jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const body = jpeg.subarray(at + 4, at + 2 + jpeg.readUInt16BE(at + 2));
    segments.set(jpeg[at + 1]!, [...(segments.get(jpeg[at + 1]!) ?? []), body]);
  }
  return segments;
}

describe("the annotated JPEG", () => {
  it("is baseline, of quality 95 and with half the colours each way (4:2:0)", async () => {
    const segments = segmentsOf(await encodeJpeg(filled(64, 48)));
    const frame = segments.get(0xc0)![0]!; // baseline: no other frame
    const luminance = segments.get(0xdb)![0]!;

    expect([frame[7], frame[10], frame[13]]).toEqual([0x22, 0x11, 0x11]);
    // IJG: quality 95 scales the standard tables to a tenth; the first step of luminance is 16, so 2.
    expect(luminance[1]).toBe(2);
  });

  it("has the standard's Huffman tables, which need no second pass", async () => {
    const tables = Buffer.concat(segmentsOf(await encodeJpeg(filled(64, 48))).get(0xc4)!);

    expect(tables).toHaveLength(2 * (17 + 12) + 2 * (17 + 162));
  });

  it("has no more than its pixels: no date, no profile, so the same picture gives the same bytes", async () => {
    const jpeg = await encodeJpeg(filled(40, 30));
    const { exif, icc, xmp } = await sharp(jpeg).metadata();

    expect([exif, icc, xmp]).toEqual([undefined, undefined, undefined]);
    expect(await encodeJpeg(filled(40, 30))).toEqual(jpeg);
  });

  it.each([
    [1, 1],
    [1, 5000],
    [5000, 1],
    [65_500, 10],
  ])("keeps a size of %d×%d", async (width, height) => {
    expect(await sharp(await encodeJpeg(filled(width, height))).metadata()).toMatchObject({
      format: "jpeg",
      width,
      height,
    });
  });

  it.each([
    [65_501, 1],
    [1, 65_501],
  ])("cannot have %d×%d pixels, and says what can be done", async (width, height) => {
    const failure = await encodeJpeg(filled(width, height)).catch((reason: unknown) => reason);

    expect(failure).toMatchObject({ stage: "annotate", code: "too-large" });
    expect((failure as Error).message).toMatch(/65500 pixels a side.*annotate set to none/);
  });
});
