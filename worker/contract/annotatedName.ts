/** Which images are to have an annotated JPEG, and its name: derived from the image's name, never colliding. */
import { createHash } from "node:crypto";
import type { DetectionSettings } from "./settings";

/** The folder, in the output, of all annotated JPEGs. */
export const annotatedFolder = "annotated";

/**
 * The annotated name of each image, in the same order; null where none is wanted. `.jpg` and `.jpeg` keep their name, others get
 * `.jpg` appended; should two images want one name (`a.png` and `a.png.jpg`), the later one gets `-<8 hex of its name's sha256>`
 * before `.jpg`. With `positives` every image has a name, and those without a detection leave it unused.
 */
export function annotatedNames(
  images: readonly string[],
  annotate: DetectionSettings["annotate"],
): (string | null)[] {
  const taken = new Set<string>();
  return images.map((image) => {
    const plain = `${annotatedFolder}/${/\.jpe?g$/i.test(image) ? image : `${image}.jpg`}`;
    const name = taken.has(plain) ? plain.replace(/(\.jpe?g)$/i, `-${digestOf(image).slice(0, 8)}$1`) : plain;
    taken.add(name);
    return isWanted(image, annotate) ? name : null;
  });
}

/** By the name alone, so that a share is the same pictures on every machine, in every run, beside whatever other images. */
function isWanted(image: string, annotate: DetectionSettings["annotate"]): boolean {
  if (typeof annotate !== "number") return annotate !== "none";
  return parseInt(digestOf(image).slice(0, 8), 16) < annotate * 2 ** 32;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
