import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { ImageError } from "../../../worker/failure";
import { decode } from "../../../worker/image/decode";

const [width, height] = [4, 3];
const random = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 89 + 31) % 256);
const picture = (rgb = random): Sharp => sharp(rgb, { raw: { width, height, channels: 3 } });

/** Left half red, right half blue: 32×16, so that JPEG keeps the halves apart. */
const halves = sharp({ create: { width: 32, height: 16, channels: 3, background: "red" } }).composite([
  {
    input: { create: { width: 16, height: 16, channels: 3, background: "blue" } },
    left: 16,
    top: 0,
  },
]);

describe("decoding", () => {
  it("gives a PNG's pixels as they are", async () => {
    const decoded = await decode(await picture().png().toBuffer(), false);

    expect(decoded).toMatchObject({ width, height, truncated: false });
    expect([...decoded.rgb]).toEqual([...random]);
  });

  it("goes by the content, not by a name: WebP, TIFF and GIF are decoded too", async () => {
    const webp = await decode(await picture().webp({ lossless: true }).toBuffer(), false);
    const tiff = await decode(await picture().tiff({ compression: "lzw" }).toBuffer(), false);
    const gif = await decode(await picture(new Uint8Array(random.length).fill(7)).gif().toBuffer(), false);

    expect([...webp.rgb]).toEqual([...random]);
    expect([...tiff.rgb]).toEqual([...random]);
    expect([...gif.rgb]).toEqual([...new Uint8Array(random.length).fill(7)]);
  });

  it("takes the high byte of 16 bits", async () => {
    const levels = Uint16Array.from({ length: random.length }, (_, at) => (at * 6007 + 255) % 65536);
    const png = await sharp(levels, { raw: { width, height, channels: 3 } })
      .toColourspace("rgb16")
      .png()
      .toBuffer();

    expect((await sharp(png).metadata()).depth).toBe("ushort");
    expect([...(await decode(png, false)).rgb]).toEqual([...levels].map((level) => level >> 8));
  });

  it("replicates grey, of a JPEG, of a PNG, with 16 bits and with alpha", async () => {
    const grey = Uint8Array.from({ length: 64 }, () => 90);
    const one = sharp(grey, { raw: { width: 8, height: 8, channels: 1 } }).toColourspace("b-w");
    const pair = Uint8Array.from({ length: 128 }, (_, at) => (at % 2 === 0 ? 90 : at));
    const withAlpha = sharp(pair, { raw: { width: 8, height: 8, channels: 2 } }).toColourspace("b-w");
    const files = [
      await one.clone().jpeg().toBuffer(),
      await one.clone().png().toBuffer(),
      await sharp(new Uint16Array(64).fill(90 * 256 + 200), { raw: { width: 8, height: 8, channels: 1 } })
        .toColourspace("grey16")
        .png()
        .toBuffer(),
      await withAlpha.png().toBuffer(),
    ];

    for (const file of files) expect([...(await decode(file, false)).rgb]).toEqual(new Array(192).fill(90));
  });

  it("drops alpha and keeps the colour below it", async () => {
    const rgba = Uint8Array.from({ length: width * height * 4 }, (_, at) =>
      at % 4 === 3 ? (at * 7) % 256 : random[Math.floor(at / 4) * 3 + (at % 4)]!,
    );
    const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
      .png()
      .toBuffer();

    expect([...(await decode(png, false)).rgb]).toEqual([...random]);
  });

  it("looks up a palette's colours", async () => {
    const colours = [
      [255, 0, 0],
      [0, 128, 255],
    ];
    const rgb = Uint8Array.from(
      { length: random.length },
      (_, at) => colours[Math.floor(at / 3) % 2]![at % 3]!,
    );
    const png = await picture(rgb).png({ palette: true, colours: 2, dither: 0 }).toBuffer();

    expect(png[25]).toBe(3); // IHDR: colour type palette
    expect([...(await decode(png, false)).rgb]).toEqual([...rgb]);
  });

  it("turns CMYK into RGB as OpenCV does", async () => {
    const ink = sharp({ create: { width: 16, height: 16, channels: 3, background: "#4080c0" } });
    const jpeg = await ink.toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer();
    const raw = await sharp(jpeg, { ignoreIcc: true })
      .pipelineColourspace("cmyk")
      .toColourspace("cmyk")
      .raw()
      .toBuffer();
    // Inverted in the file; channel = k - ((255 - c) · k >> 8).
    const [c, m, y, k] = [...raw.subarray(0, 4)].map((level) => 255 - level) as [
      number,
      number,
      number,
      number,
    ];
    const expected = [c, m, y].map((level) => k - (((255 - level) * k) >> 8));

    const { rgb } = await decode(jpeg, false);

    expect((await sharp(jpeg).metadata()).space).toBe("cmyk");
    expect([...rgb.subarray(0, 3)]).toEqual(expected);
  });

  it("ignores an embedded colour profile", async () => {
    const wide = await picture().withIccProfile("p3").png().toBuffer();
    const raw = await sharp(wide, { ignoreIcc: true }).raw().toBuffer();

    expect((await sharp(wide).metadata()).icc).toBeDefined();
    expect([...(await decode(wide, false)).rgb]).toEqual([...raw]);
  });

  it("takes the first page of several", async () => {
    const frames = await sharp(new Uint8Array(8 * 16 * 3).fill(9, 0, 192).fill(200, 192), {
      raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
    })
      .gif({ loop: 0 })
      .toBuffer();

    expect((await sharp(frames).metadata()).pages).toBe(2);
    expect(await decode(frames, false)).toMatchObject({ width: 8, height: 8 });
    expect((await decode(frames, false)).rgb[0]).toBe(9);
  });

  /** Where red lies in the upright picture; EXIF 2.32, tag 0x0112. */
  it.each([
    [1, "left"],
    [2, "right"],
    [3, "right"],
    [4, "left"],
    [5, "top"],
    [6, "top"],
    [7, "bottom"],
    [8, "bottom"],
  ] as const)("applies EXIF orientation %d: what was left is %s", async (orientation, side) => {
    const jpeg = await halves.clone().withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();

    const upright = await decode(jpeg, false);

    const turned = orientation > 4;
    expect([upright.width, upright.height]).toEqual(turned ? [16, 32] : [32, 16]);
    const at = {
      left: [2, 8],
      right: [upright.width - 3, 8],
      top: [8, 2],
      bottom: [8, upright.height - 3],
    }[side] as [number, number];
    const start = (at[1] * upright.width + at[0]) * 3;
    const [r, , b] = upright.rgb.subarray(start, start + 3);
    expect([r! > 200, b! < 60]).toEqual([true, true]);
  });

  it("decodes a single pixel", async () => {
    const png = await sharp(Uint8Array.of(1, 2, 3), { raw: { width: 1, height: 1, channels: 3 } })
      .png()
      .toBuffer();

    expect(await decode(png, false)).toMatchObject({ width: 1, height: 1 });
  });
});

describe("a picture that cannot be decoded", () => {
  const noise = sharp(
    Uint8Array.from({ length: 200 * 200 * 3 }, (_, at) => (at * at * 31) % 251),
    { raw: { width: 200, height: 200, channels: 3 } },
  );

  async function codeOf(bytes: Uint8Array, acceptTruncated = false): Promise<string> {
    const error: unknown = await decode(bytes, acceptTruncated).catch((reason: unknown) => reason);
    if (!(error instanceof ImageError)) throw new Error("it was decoded, or failed otherwise");
    expect(error.stage).toBe("decode");
    expect(error.message).toMatch(/^[A-Z][^\n]*\.$/);
    return error.code;
  }

  it("is empty", async () => {
    expect(await codeOf(new Uint8Array())).toBe("empty");
  });

  it("is text or a drawing", async () => {
    expect(await codeOf(Buffer.from("this is not a picture\n"))).toBe("not-an-image");
    expect(await codeOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toBe(
      "not-an-image",
    );
    expect(await codeOf(Buffer.from("%PDF-1.7\n"))).toBe("not-an-image");
  });

  it.each([
    ["JPEG", () => Promise.resolve(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))],
    ["WebP", () => noise.clone().webp().toBuffer()],
    ["TIFF", () => noise.clone().tiff().toBuffer()],
    ["GIF", () => noise.clone().gif().toBuffer()],
    ["AVIF", () => noise.clone().avif({ effort: 0 }).toBuffer()],
  ])(
    "is what is left of a %s of which nothing can be decoded, whatever is accepted",
    async (format, make) => {
      const whole = await make();
      const part = whole.subarray(0, Math.max(4, whole.length / 2));

      expect(await codeOf(part)).toBe("corrupt");
      await expect(decode(part, true)).rejects.toThrow(
        `The ${format} picture cannot be decoded: it is damaged, cut short, or of a rare kind.`,
      );
    },
  );

  it("is a HEIC, as telephones take them: the format is named, not blamed on the file", async () => {
    const heic = readFileSync(join(__dirname, "red.heic"));

    expect(await codeOf(heic)).toBe("unsupported");
    await expect(decode(heic, false)).rejects.toThrow(
      "HEIC pictures cannot be decoded here; convert them to JPEG or 8-bit PNG first.",
    );
  });

  it.each([
    ["JPEG", () => noise.clone().jpeg().toBuffer()],
    ["PNG", () => noise.clone().png().toBuffer()],
  ])("is a truncated %s, which a setting accepts and marks", async (_format, make) => {
    const whole = await make();
    const half = whole.subarray(0, whole.length / 2);

    expect(await codeOf(half)).toBe("truncated");
    expect(await decode(half, true)).toMatchObject({ width: 200, height: 200, truncated: true });
  });

  it("is accepted without its end marker", async () => {
    const whole = await noise.clone().jpeg().toBuffer();

    expect(await decode(whole.subarray(0, -2), true)).toMatchObject({ width: 200, height: 200 });
  });

  it("has more than 100 megapixels, which its header tells", async () => {
    expect(await codeOf(hugePng(12_000, 9_000))).toBe("too-large");
    expect(await codeOf(hugePng(65_536, 65_536))).toBe("too-large");
  });
});

/** A PNG that claims a size and holds a line of it. */
function hugePng(claimedWidth: number, claimedHeight: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(claimedWidth, 0);
  header.writeUInt32BE(claimedHeight, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(1 + claimedWidth * 3))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
