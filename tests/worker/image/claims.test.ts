/** Files of some hundred bytes that claim to be gigantic, or that hold little data which swells: refused by their header, or decoded in little memory. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { ImageError } from "../../../worker/failure";
import { decode } from "../../../worker/image/decode";
import { run } from "../../support/command";
import { withTemporaryFolder } from "../../support/temporaryFolder";

/** What some hundred kB unpack to. */
const swollenBytes = 200_000_000;

const fixture = (name: string): Buffer => readFileSync(join(__dirname, "pictures", name));

async function outcomeOf(bytes: Buffer): Promise<string> {
  const outcome: unknown = await decode(bytes, false).then(
    ({ width, height }) => `${width}×${height}`,
    (reason: unknown) => reason,
  );
  if (typeof outcome === "string") return outcome;
  if (!(outcome instanceof ImageError)) throw outcome;
  expect(outcome.stage).toBe("decode");
  return outcome.code;
}

describe("a small file that claims a gigantic picture", () => {
  it("is refused by its size: JPEG, PNG, WebP, TIFF, AVIF", async () => {
    const jpeg = fixture("jpeg-baseline-420.jpg");
    jpeg.writeUInt32BE(0xffdcffdc, jpeg.indexOf(Buffer.of(0xff, 0xc0)) + 5);
    const webp = fixture("webp-exif-6.webp"); // VP8X: the canvas less one, which must be the picture's size
    webp.writeUIntLE(16_382, 24, 3);
    webp.writeUIntLE(16_382, 27, 3);
    const avif = fixture("avif.avif");
    avif.writeUInt32BE(65_535, avif.indexOf("ispe") + 8);
    avif.writeUInt32BE(65_535, avif.indexOf("ispe") + 12);

    expect(await outcomeOf(jpeg)).toBe("too-large");
    expect(await outcomeOf(png(65_535, 65_535))).toBe("too-large");
    expect(await outcomeOf(tiff(65_000, 65_000))).toBe("too-large");
    expect(await outcomeOf(avif)).toBe("too-large");
    expect(await outcomeOf(webp)).toBe("corrupt");
  });

  it("is refused when it is a line of which decoding alone would take minutes", async () => {
    expect(await outcomeOf(png(1, 2 ** 20 + 1))).toBe("too-large");
    expect(await outcomeOf(png(2 ** 20 + 1, 1))).toBe("too-large");
  });

  it("is refused also beyond what sizes decoders know", async () => {
    expect(await outcomeOf(png(2 ** 31 - 1, 2 ** 31 - 1))).toBe("corrupt");
    expect(await outcomeOf(tiff(2 ** 32 - 1, 2 ** 32 - 1))).toBe("corrupt");
  });

  it("is the size of its first frame when it is a GIF: nobody allocates the screen it claims", async () => {
    const gif = fixture("gif.gif");
    gif.writeUInt16LE(65_535, 6);
    gif.writeUInt16LE(65_535, 8);

    expect(await outcomeOf(gif)).toBe("20×14");
  });
});

describe("data that swells", () => {
  it("is not unpacked when it is a PNG's text or profile", async () => {
    const swelling = deflateSync(Buffer.alloc(swollenBytes), { level: 9 });
    const text = png(20, 14, [["zTXt", Buffer.concat([Buffer.from("Comment\0\0"), swelling])]]);
    const profile = png(20, 14, [["iCCP", Buffer.concat([Buffer.from("p\0\0"), swelling])]]);

    expect(await outcomeOf(text)).toBe("20×14");
    expect(await outcomeOf(profile)).toBe("20×14");
    expect(await addedBytes([png(20, 14), text, profile])).toBeLessThan(swollenBytes / 2);
  });

  it("is given up when it is a JPEG of very many scans", async () => {
    const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: "olive" } });
    const jpeg = await picture.jpeg({ progressive: true }).toBuffer();
    const lastScan = jpeg.lastIndexOf(Buffer.of(0xff, 0xda));
    const scan = jpeg.subarray(lastScan, -2);
    const bomb = Buffer.concat([
      jpeg.subarray(0, lastScan),
      ...new Array<Buffer>(5000).fill(scan),
      jpeg.subarray(-2),
    ]);

    expect(await outcomeOf(bomb)).toBe("corrupt");
  });

  it("is only its first frame when it is a GIF of very many", async () => {
    const gif = fixture("gif.gif");
    const frame = gif.subarray(gif.indexOf(",", 10 + 3 * 16), -1);
    const bomb = Buffer.concat([
      gif.subarray(0, -1),
      ...new Array<Buffer>(20_000).fill(frame),
      Buffer.from(";"),
    ]);

    expect(await outcomeOf(bomb)).toBe("20×14");
  });
});

describe("pictures of odd proportions", () => {
  it.each([
    [1, 1],
    [1, 5000],
    [5000, 1],
    [65_500, 10],
  ])("%d×%d is decoded", async (width, height) => {
    const picture = sharp({ create: { width, height, channels: 3, background: "olive" } });

    expect(await outcomeOf(await picture.clone().jpeg().toBuffer())).toBe(`${width}×${height}`);
    expect(await outcomeOf(await picture.clone().png().toBuffer())).toBe(`${width}×${height}`);
  });
});

/** By how much the most memory that a process of its own ever held grows when it decodes the other pictures after the first. */
function addedBytes(pictures: readonly Buffer[]): Promise<number> {
  return withTemporaryFolder(async (folder) => {
    pictures.forEach((picture, number) => writeFileSync(join(folder, `${number}.png`), picture));
    const script = `
      const { readFileSync } = require("node:fs");
      const { decode } = require("./worker/image/decode");
      const peaks = [];
      (async () => {
        for (let number = 0; number < ${pictures.length}; number++) {
          await decode(readFileSync(process.argv[1] + "/" + number + ".png"), false);
          peaks.push(process.resourceUsage().maxRSS * 1024);
        }
        console.log(peaks.at(-1) - peaks[0]);
      })();`;
    const { stdout, stderr } = await run(process.execPath, ["--require", "tsx/cjs", "-e", script, folder]);
    expect(stderr).toBe("");
    return Number(stdout);
  });
}

/** A black PNG of a size that is only claimed beyond 20×14. */
function png(width: number, height: number, more: readonly (readonly [string, Buffer])[] = []): Buffer {
  const chunk = ([type, data]: readonly [string, Buffer]): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunks: (readonly [string, Buffer])[] = [
    ["IHDR", header],
    ...more,
    ["IDAT", deflateSync(Buffer.alloc(14 * (1 + 20 * 3)))],
    ["IEND", Buffer.alloc(0)],
  ];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks.map(chunk)]);
}

/** TIFF 6.0: an uncompressed RGB picture of one strip, of which 12 bytes are there. */
function tiff(width: number, height: number): Buffer {
  const entries = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 8],
    [259, 3, 1],
    [262, 3, 2],
    [273, 4, 8],
    [277, 3, 3],
    [278, 4, height],
    [279, 4, 12],
  ] as const;
  const file = Buffer.alloc(20 + 2 + entries.length * 12 + 4);
  file.write("II*\0", "latin1");
  file.writeUInt32LE(20, 4);
  file.writeUInt16LE(entries.length, 20);
  entries.forEach(([tag, type, value], index) => {
    const at = 22 + index * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  return file;
}
