/** The whole pictures that are mutated: one of each kind that people have, and larger ones whose data takes most of the file. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import sharp from "sharp";
import { isImageName } from "../../worker/contract/imageName";
import { project } from "../support/command";

export interface Seed {
  /** Without extension: "png-interlaced". */
  readonly name: string;
  /** With its dot. */
  readonly extension: string;
  readonly bytes: Buffer;
}

const kinds = join(project, "tests/worker/image/pictures");
const street = join(project, "assets/images/street-01.jpg");

export async function seedPictures(): Promise<Seed[]> {
  const files = readdirSync(kinds).filter(isImageName).sort();
  return [
    ...files.map((file) => seedOf(file, readFileSync(join(kinds, file)))),
    seedOf("heic.heic", readFileSync(join(project, "tests/worker/image/red.heic"))),
    seedOf("drawing.png", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')),
    ...(await photographs()),
  ];
}

function seedOf(file: string, bytes: Buffer): Seed {
  const extension = extname(file);
  return { name: file.slice(0, -extension.length), extension, bytes };
}

function photographs(): Promise<Seed[]> {
  const photo = sharp(street).resize(160, 120);
  return Promise.all(
    [
      photo.clone().jpeg({ quality: 80 }),
      photo.clone().jpeg({ quality: 80, progressive: true }).withIccProfile("p3"),
      photo.clone().toColourspace("cmyk").jpeg(),
      photo.clone().png({ progressive: true }),
      photo.clone().png({ palette: true }),
      photo.clone().webp(),
      photo.clone().webp({ lossless: true }),
      photo.clone().tiff({ compression: "lzw" }),
      photo.clone().tiff({ compression: "jpeg", tile: true, tileWidth: 64, tileHeight: 64 }),
      photo.clone().gif(),
      photo.clone().avif({ effort: 0 }),
    ].map(async (picture, index) => {
      const { data, info } = await picture.toBuffer({ resolveWithObject: true });
      return { name: `photo-${index}`, extension: `.${info.format}`, bytes: data };
    }),
  );
}
