/** Cuts the images of a run into shards, the images of one task each, by bytes and count. */
import type { InputImage } from "./inputs";

export interface Shard {
  readonly id: string;
  readonly images: readonly InputImage[];
}

/** A task should run for a minute or more, so that its start (Node, model: 0.8 s) is below 2 %; a slot does 5–10 images a second. */
const imagesPerShard = 400;
/** Large pictures take longer to fetch and decode, and a retried task should not repeat hours. */
const bytesPerShard = 1024 ** 3;
/** Inference costs the same for every image; fetching and decoding grow with the bytes: about this many cost as much. */
const bytesLikeOneInference = 2_000_000;

/**
 * Shards of about equal work, in the images' order. `slots` is how many tasks run at once: small runs are spread over all
 * of them, larger ones get a multiple, so that no slot idles while the last shard runs.
 */
export function cutShards(images: readonly InputImage[], slots: number): Shard[] {
  if (images.length === 0) return [];
  const bytes = images.reduce((sum, image) => sum + image.bytes, 0);
  const needed = Math.max(Math.ceil(images.length / imagesPerShard), Math.ceil(bytes / bytesPerShard));
  const count = Math.min(images.length, slots * Math.ceil(needed / slots));

  const weights = images.map((image) => 1 + image.bytes / bytesLikeOneInference);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const groups = Array.from({ length: count }, (): InputImage[] => []);
  let before = 0;
  images.forEach((image, index) => {
    const middle = before + weights[index]! / 2;
    groups[Math.min(count - 1, Math.floor((middle / total) * count))]!.push(image);
    before += weights[index]!;
  });
  return groups
    .filter((group) => group.length > 0)
    .map((group, index) => ({ id: shardId(index), images: group }));
}

function shardId(index: number): string {
  return `shard-${String(index + 1).padStart(5, "0")}`;
}
