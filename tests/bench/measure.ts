/** A measurement: how many images in how many seconds, and the median over rounds. */

export interface Measurement {
  readonly images: number;
  readonly seconds: number;
}

export function rateOf({ images, seconds }: Measurement): number {
  return images / seconds;
}

export async function timed(images: number, work: () => Promise<unknown>): Promise<Measurement> {
  const startedMs = performance.now();
  await work();
  return { images, seconds: (performance.now() - startedMs) / 1000 };
}

/** Of an even number of values, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
