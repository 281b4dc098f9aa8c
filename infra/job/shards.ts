/** Cuts the images of a run into shards, the images of one task each, by bytes and count; one shard in memory at a time. */
import type { InputImage } from "./inputs";

export interface Shard {
  readonly id: string;
  readonly images: readonly InputImage[];
}

/** Of all images together. */
export interface Totals {
  readonly images: number;
  readonly bytes: number;
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
export function cutShards(
  images: AsyncIterable<InputImage>,
  totals: Totals,
  slots: number,
): AsyncGenerator<Shard> {
  const count = shardCount(totals, slots);
  const total = totals.images + totals.bytes / bytesLikeOneInference;
  let before = 0;
  return grouped(images, ({ bytes }) => {
    const weight = 1 + bytes / bytesLikeOneInference;
    const middle = before + weight / 2;
    before += weight;
    return Math.min(count - 1, Math.floor((middle / total) * count));
  });
}

/** Into how many shards at the most images are cut for so many task slots. */
export function shardCount({ images, bytes }: Totals, slots: number): number {
  const needed = Math.max(Math.ceil(images / imagesPerShard), Math.ceil(bytes / bytesPerShard));
  return Math.min(images, slots * Math.ceil(needed / slots));
}

/** The same shards again, by the counts that were planned. */
export function asPlanned(
  images: AsyncIterable<InputImage>,
  tasks: readonly { readonly images: number }[],
): AsyncGenerator<Shard> {
  let [task, left] = [0, tasks[0]?.images ?? 0];
  return grouped(images, () => {
    if (left === 0) left = tasks[++task]?.images ?? Infinity;
    left -= 1;
    return task;
  });
}

/** Images that follow each other in one group are a shard. */
async function* grouped(
  images: AsyncIterable<InputImage>,
  groupOf: (image: InputImage) => number,
): AsyncGenerator<Shard> {
  let index = 0;
  let group: number | undefined;
  let kept: InputImage[] = [];
  for await (const image of images) {
    const next = groupOf(image);
    if (group !== undefined && next !== group) {
      yield { id: shardId(index++), images: kept };
      kept = [];
    }
    group = next;
    kept.push(image);
  }
  if (kept.length > 0) yield { id: shardId(index), images: kept };
}

function shardId(index: number): string {
  return `shard-${String(index + 1).padStart(5, "0")}`;
}
