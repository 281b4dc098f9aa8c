/** A golden file: what a reference program found in pictures, with the versions that made it. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { parseValue } from "../contract/ndjson";
import { fileReasonOf, systemCodeOf } from "../failure";
import type { Box } from "../post/iou";

/** In pixels of the upright source picture; the reference's own float32 values, not rounded. */
export interface ReferenceBox {
  readonly class: number;
  readonly score: number;
  readonly box: Box;
}

export interface Golden {
  /** Program → version, as the file says; empty when it does not. */
  readonly versions: Readonly<Record<string, string>>;
  /** Of the model it was made with, where the file says so. */
  readonly modelSha256: string | undefined;
  /** Picture → what the reference found in it. */
  readonly pictures: ReadonlyMap<string, readonly ReferenceBox[]>;
}

const corners = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** Loose: whoever makes a golden file may note more in it. */
const goldenFile = z.looseObject({
  versions: z.record(z.string(), z.string()).optional(),
  model: z.looseObject({ sha256: z.string() }).optional(),
  images: z.record(
    z.string(),
    z.array(z.looseObject({ class: z.int().nonnegative(), score: z.number(), box: corners })),
  ),
});

/** Throws an Error of one sentence when the file is not there or is no golden file. */
export async function readGolden(file: string): Promise<Golden> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const what =
      systemCodeOf(cause) === "ENOENT"
        ? `There is no golden file ${file}.`
        : `The golden file ${file} cannot be read: ${fileReasonOf(cause)}.`;
    throw new Error(what, { cause });
  });
  return parseGolden(jsonOf(text, file), file);
}

export function parseGolden(value: unknown, file: string): Golden {
  const { versions, model, images } = parseValue(goldenFile, value, `${file} is no golden file`);
  return {
    versions: versions ?? {},
    modelSha256: model?.sha256,
    pictures: new Map(
      Object.entries(images).map(([name, boxes]) => [
        name,
        boxes.map(({ class: number, score, box: [x1, y1, x2, y2] }) => ({
          class: number,
          score,
          box: { x1, y1, x2, y2 },
        })),
      ]),
    ),
  };
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is no golden file: it is not JSON.`, { cause });
  }
}
