import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { ImageError } from "../../../worker/failure";
import { decode } from "../../../worker/image/decode";
import vectors from "./vectors.json";

interface Seen {
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

/** What the references read; `ultralytics` only where it is not what OpenCV's imdecode reads. */
const pictures: Readonly<Record<string, { opencv: Seen | null; ultralytics?: Seen }>> = vectors.pictures;
const reference = (name: string): Seen | null => pictures[name]!.ultralytics ?? pictures[name]!.opencv;

/** Read here, but not as OpenCV does; the rule is in worker/README.md. */
const differing = [
  "tiff-rgba.tif",
  "gif-transparent.gif",
  "avif.avif",
  "avif-444.avif",
  "avif-alpha.avif",
  "avif-10-bit.avif",
  "avif-exif-6.avif",
];

/** Not read here. */
const refused: Readonly<Record<string, string>> = {
  "tiff-grey-float.tif": "unsupported",
  "tiff-rgb-float.tif": "unsupported",
  "tiff-lab.tif": "corrupt",
  "avif-animated.avif": "unsupported",
  "bmp.bmp": "unsupported",
  "jpeg-2000.jp2": "unsupported",
  "pnm.ppm": "unsupported",
};

const names = Object.keys(pictures);
const equal = names.filter((name) => !differing.includes(name) && !(name in refused));

async function seen(name: string): Promise<Seen> {
  const { width, height, rgb } = await decode(readFileSync(join(__dirname, "pictures", name)), false);
  return { width, height, sha256: createHash("sha256").update(rgb).digest("hex") };
}

describe(`pictures beside what OpenCV ${vectors.opencv} and Ultralytics ${vectors.ultralytics} read`, () => {
  it.each(equal)("%s: the same pixels", async (name) => {
    expect(await seen(name)).toEqual(reference(name));
  });

  it.each(differing)("%s: the same size, and pixels by a rule of its own", async (name) => {
    const { sha256, ...size } = await seen(name);

    expect(reference(name)).toMatchObject(size);
    expect(reference(name)!.sha256).not.toBe(sha256); // or it belongs to the equal ones
  });

  it.each(Object.entries(refused))("%s: refused with the code %s", async (name, code) => {
    const error: unknown = await seen(name).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ImageError);
    expect(error).toMatchObject({ stage: "decode", code });
  });

  it("hold every kind of file that is decoded", () => {
    const extensions = new Set(equal.concat(differing).map((name) => extname(name)));

    expect([...extensions].sort()).toEqual([".avif", ".gif", ".jpg", ".png", ".tif", ".webp"]);
  });
});
