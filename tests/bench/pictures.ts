/** The pictures of a measurement: photographs or the project's own scenes, cut to one size each, as JPEG files. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { isImageName } from "../../worker/contract/imageName";

export interface PictureSet {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
}

export const sizes = [
  { width: 640, height: 480 },
  { width: 810, height: 1080 },
] as const;

/** `count` pictures of one size under `parent`, out of the files of `source`, over and over. Quality 90, 4:2:0, as cameras and telephones write. */
export async function makePictures(
  source: string,
  parent: string,
  { width, height }: { readonly width: number; readonly height: number },
  count: number,
): Promise<PictureSet> {
  const originals = (await readdir(source)).filter(isImageName).sort();
  if (originals.length === 0) throw new Error(`There are no pictures in ${source}.`);
  const name = `${width}×${height}`;
  const folder = join(parent, `${width}x${height}`);
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (let index = 0; index < count; index++) {
    const file = join(folder, `${String(index).padStart(4, "0")}.jpg`);
    await sharp(join(source, originals[index % originals.length]!))
      .autoOrient()
      .resize(width, height, { fit: "cover" })
      .jpeg({ quality: 90 })
      .toFile(file);
    files.push(file);
  }
  return { name, folder, files };
}
