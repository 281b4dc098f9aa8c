/**
 * Which files and blobs count as images, by their names; HEIC, BMP and JPEG 2000 too, so that somebody is told that they cannot be read.
 * Content decides later: a text named x.jpg is an image that fails.
 */
export function isImageName(name: string): boolean {
  return /\.(jpe?g|png|webp|tiff?|gif|avif|bmp|hei[cf]|jp2)$/i.test(name);
}
