/** Which files and blobs count as images, by their names. Content decides later: a text named x.jpg is an image that fails. */
export function isImageName(name: string): boolean {
  return /\.(jpe?g|png|webp|tiff?|gif|avif|bmp)$/i.test(name);
}
