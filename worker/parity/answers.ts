/** The worker's own answers on a folder's pictures: its pipeline as it runs everywhere, with default settings. */
import { availableParallelism } from "node:os";
import { isFailed, type Detection, type ResultLine } from "../contract/result";
import { defaultDetectionSettings } from "../contract/settings";
import { openFolderSource } from "../io/folder";
import type { ModelInfo } from "../model";
import { DetectorPool } from "../pool";
import { runDetection, type ImageSource } from "../run";
import type { FailedPicture } from "./certificate";

export interface Question {
  readonly modelFile: string;
  readonly imagesFolder: string;
  /** Names of the pictures, as paths in the folder. */
  readonly names: ReadonlySet<string>;
  readonly interrupted: AbortSignal;
  readonly onPicture: (done: number, total: number) => void;
}

export interface Answers {
  readonly model: ModelInfo;
  readonly found: ReadonlyMap<string, readonly Detection[]>;
  readonly failed: readonly FailedPicture[];
  /** Pictures of the folder that nobody asked for. */
  readonly ignored: readonly string[];
}

/** Throws an Error of one sentence when there is nothing to ask, or the model cannot be used. */
export async function answersOf(question: Question): Promise<Answers> {
  const { modelFile, imagesFolder, names, interrupted, onPicture } = question;
  const folder = await openFolderSource([imagesFolder], "none");
  const source: ImageSource = {
    images: folder.images.filter(({ name }) => names.has(name)),
    read: (image) => folder.read(image),
  };
  if (source.images.length === 0)
    throw new Error(
      `None of the ${names.size} pictures of the golden file is in ${imagesFolder}: it was made with others.`,
    );

  const threads = Math.min(availableParallelism(), source.images.length);
  const pool = await DetectorPool.open({ modelFile, settings: defaultDetectionSettings, threads });
  const lines: ResultLine[] = [];
  try {
    const total = source.images.length;
    await runDetection({
      source,
      sink: { writeAnnotated: () => Promise.resolve(), append: () => Promise.resolve() },
      pool,
      interrupted,
      onLine: (line) => onPicture(lines.push(line), total),
    });
  } finally {
    await pool.close();
  }
  const there = new Set(source.images.map(({ name }) => name));
  const absent = [...names].filter((name) => !there.has(name));
  return {
    model: pool.info,
    found: new Map(lines.flatMap((line) => (isFailed(line) ? [] : [[line.image.name, line.detections]]))),
    failed: [
      ...absent.map((name) => ({ name, reason: `It is not in ${imagesFolder}.` })),
      ...lines.flatMap((line) =>
        isFailed(line) ? [{ name: line.image.name, reason: line.error.message }] : [],
      ),
    ],
    ignored: folder.images.map(({ name }) => name).filter((name) => !names.has(name)),
  };
}
