/** What is to be done of what is in the input container. */
import type { InputImage } from "./inputs";
import { imageKey, KeyDigest, type ImageKey } from "./ledger/imageKey";
import type { Standing } from "./ledger/standings";

/** Images of the input container by what the ledger knows of them. */
export interface Counts {
  readonly new: number;
  /** A live job is to do them. */
  readonly held: number;
  readonly done: number;
  readonly failed: number;
}

export interface Scan {
  /** Of all images in the container. */
  readonly inputsDigest: string;
  readonly counts: Counts;
  readonly todo: { readonly digest: string; readonly images: number; readonly bytes: number };
}

/** Which images a run is over. */
export type Selection =
  | { readonly kind: "new" }
  /** Those that failed, and those not done, where they are wanted by code and name. */
  | {
      readonly kind: "retry";
      /** Failure codes; all when empty, and then images without any outcome, too. */
      readonly codes: readonly string[];
      readonly isWantedName: (name: string) => boolean;
    };

export function isSelected(selection: Selection, name: string, standing: Standing): boolean {
  if (standing.kind === "done" || standing.kind === "held") return false;
  if (selection.kind === "new") return standing.kind === "new";
  if (!selection.isWantedName(name)) return false;
  return (
    selection.codes.length === 0 || (standing.kind === "failed" && selection.codes.includes(standing.code))
  );
}

/** Goes through a listing once; `keep` gets what is to be done. */
export async function scanInputs(
  images: AsyncIterable<InputImage>,
  standingOf: (key: ImageKey) => Standing,
  selection: Selection,
  keep: (image: InputImage) => Promise<void> | void,
): Promise<Scan> {
  const [all, todo] = [new KeyDigest(), new KeyDigest()];
  const counts = { new: 0, held: 0, done: 0, failed: 0 };
  let bytes = 0;
  for await (const image of images) {
    const key = imageKey(image);
    const standing = standingOf(key);
    all.add(key);
    counts[standing.kind] += 1;
    if (!isSelected(selection, image.name, standing)) continue;
    todo.add(key);
    bytes += image.bytes;
    await keep(image);
  }
  return {
    inputsDigest: all.digest(),
    counts,
    todo: { digest: todo.digest(), images: todo.count, bytes },
  };
}
