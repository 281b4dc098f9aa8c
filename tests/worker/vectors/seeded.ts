/** The inputs of the golden vectors, by the same arithmetic as in make.py, and how answers are compared with them. */
import { createHash } from "node:crypto";

// In a local: tests look globals up slowly, and this is called for every channel of every pixel.
const { imul } = Math;

/** 32 bits of an index: Knuth's multiplication, then mixed by shifts. */
export function hashed(index: number, seed: number): number {
  let x = imul(index + seed, 2654435761);
  x ^= x >>> 15;
  x = imul(x, 2246822519);
  x ^= x >>> 13;
  return x >>> 0;
}

/** Of the array's bytes, as they lie in memory (little-endian, as everywhere that this runs). */
export function sha256(values: Uint8Array | Float32Array | Float64Array): string {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return createHash("sha256").update(bytes).digest("hex");
}
