/** Names for images that formats shorten, so that no two images share one. */

/**
 * The short name of each image, in the same order, or its whole name where the short one would not tell it from another image.
 * A whole name is never another's short name, so all of them are distinct.
 */
export function distinctNames(images: readonly string[], shorten: (image: string) => string): string[] {
  const whole = new Set(images);
  const uses = new Map<string, number>();
  for (const image of images) uses.set(shorten(image), (uses.get(shorten(image)) ?? 0) + 1);
  return images.map((image) => {
    const short = shorten(image);
    return uses.get(short) === 1 && (short === image || !whole.has(short)) ? short : image;
  });
}

/** The name without its extension: "x/a.b.jpg" → "x/a.b". */
export function withoutExtension(image: string): string {
  return image.replace(/(?<=[^/])\.[^./]*$/, "");
}
