/** Names of annotated JPEGs: derived from the image's name, never colliding. */
import { createHash } from "node:crypto";

/**
 * The annotated name of each image, in the same order: `.jpg` and `.jpeg` keep their name, others get `.jpg` appended;
 * should two images want one name (`a.png` and `a.png.jpg`), the later one gets `-<8 hex of its name's sha256>` before `.jpg`.
 */
export function annotatedNames(images: readonly string[]): string[] {
  const taken = new Set<string>();
  return images.map((image) => {
    const plain = `annotated/${/\.jpe?g$/i.test(image) ? image : `${image}.jpg`}`;
    const name = taken.has(plain) ? plain.replace(/(\.jpe?g)$/i, `-${shortHash(image)}$1`) : plain;
    taken.add(name);
    return name;
  });
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
