/** Mutants: picture number n of a seed is the same file in every run, whatever the others are. */
import { seededRandom } from "../support/seededRandom";
import { mutations } from "./mutations";
import type { Seed } from "./seeds";

export interface Mutant {
  /** Unique, and tells where it comes from: "00017-png-interlaced-bits.png". */
  readonly name: string;
  readonly bytes: Buffer;
}

export function mutant(pictures: readonly Seed[], seed: number, number: number): Mutant {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) + number);
  const oneOf = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const picture = oneOf(pictures);
  const [mutation, mutate] = oneOf(Object.entries(mutations));
  let bytes = mutate(picture.bytes, random, oneOf(pictures).bytes);
  if (random() < 0.2 && bytes.length > 0)
    bytes = oneOf(Object.values(mutations))(bytes, random, picture.bytes);
  // Content counts, not the name: one in ten has the extension of another.
  const { extension } = random() < 0.1 ? oneOf(pictures) : picture;
  return { name: `${String(number).padStart(5, "0")}-${picture.name}-${mutation}${extension}`, bytes };
}
