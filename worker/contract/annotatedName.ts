/** Which images are to have an annotated JPEG, and its name: derived from the image's name, never colliding. */
import { createHash } from "node:crypto";
import { isImageName } from "./imageName";
import type { DetectionSettings } from "./settings";

/** The folder, in the output, of all annotated JPEGs. */
export const annotatedFolder = "annotated";

/**
 * The name of an image's annotated JPEG; null where none is wanted. `.jpg` and `.jpeg` keep their name, others get `.jpg` appended, and
 * a name that looks so already (`a.png.jpg`) gets `-<8 hex of its sha256>` before `.jpg`: by its own name alone, because the image that
 * would want the same one may be another run's. With `positives` every image has a name, and those without a detection leave it unused.
 */
export function annotatedName(image: string, annotate: DetectionSettings["annotate"]): string | null {
  if (!isWanted(image, annotate)) return null;
  if (!isJpeg(image)) return `${annotatedFolder}/${image}.jpg`;
  const stem = image.replace(/\.jpg$/, "");
  const looksAppended = stem !== image && isImageName(stem) && !isJpeg(stem);
  return `${annotatedFolder}/${looksAppended ? `${stem}-${digestOf(image).slice(0, 8)}.jpg` : image}`;
}

function isJpeg(name: string): boolean {
  return /\.jpe?g$/i.test(name);
}

/** By the name alone, so that a share is the same pictures on every machine, in every run, beside whatever other images. */
function isWanted(image: string, annotate: DetectionSettings["annotate"]): boolean {
  if (typeof annotate !== "number") return annotate !== "none";
  return parseInt(digestOf(image).slice(0, 8), 16) < annotate * 2 ** 32;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
