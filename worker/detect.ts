/** `detect`: files and folders in, a folder of results out; no cloud. */
import { availableParallelism } from "node:os";
import { cocoCategories } from "./contract/formats/coco";
import { openFormatFiles, type WantedFormats } from "./contract/formats/formatFiles";
import { isFailed, type ResultLine } from "./contract/result";
import type { DetectionSettings } from "./contract/settings";
import type { Summary } from "./contract/summary";
import { openFolderSink, openFolderSource } from "./io/folder";
import { DetectorPool } from "./pool";
import { runDetection } from "./run";
import { Tally } from "./summary";

export interface DetectOptions {
  readonly model: string;
  /** Class names that count instead of the model's own. */
  readonly namesFile: string | undefined;
  readonly out: string;
  readonly images: readonly string[];
  readonly settings: DetectionSettings;
  /** Besides results.ndjson. */
  readonly formats: WantedFormats;
  /** One for each core when undefined. */
  readonly threads: number | undefined;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly imagesPerSecond: number;
  readonly line: ResultLine;
}

/** Undefined: it was interrupted; what was done is in results.ndjson.partial. */
export async function detect(
  options: DetectOptions,
  interrupted: AbortSignal,
  report: (progress: Progress) => void,
): Promise<Summary | undefined> {
  const { model, namesFile, out, settings } = options;
  const source = await openFolderSource(options.images, settings.annotate, out);
  const threads = Math.min(options.threads ?? availableParallelism(), source.images.length);
  const pool = await DetectorPool.open({ modelFile: model, namesFile, settings, threads });
  try {
    const { info, versions } = pool;
    const formats = await openFormatFiles(options.formats, {
      images: source.images.map(({ name }) => name),
      categoryOf: cocoCategories(info.classNames.length, info.classNames.entries()),
    });
    const sink = await openFolderSink(out).catch(async (error: unknown) => {
      await formats.abandon();
      throw error;
    });
    const abandon = async (): Promise<void> => {
      await formats.abandon();
      await sink.abandon();
    };
    const startedMs = performance.now();
    const seconds = (): number => (performance.now() - startedMs) / 1000;
    const tally = new Tally();
    try {
      await runDetection({
        source,
        sink: {
          writeAnnotated: (name, jpeg) => sink.writeAnnotated(name, jpeg),
          append: async (line) => {
            await sink.append(line);
            await formats.append(line);
          },
        },
        pool,
        interrupted,
        onLine: (line) => {
          tally.add(line);
          const done = tally.images;
          report({ done, total: source.images.length, imagesPerSecond: done / seconds(), line });
        },
      });
    } catch (error) {
      await abandon();
      throw error;
    }
    if (interrupted.aborted && tally.images < source.images.length) {
      await abandon();
      return undefined;
    }
    const summary = tally.summary({ info, versions, threads, seconds: seconds() });
    const unwritten = await formats.finish();
    await sink.finish(summary);
    if (unwritten.length > 0) throw new Error(`${unwritten[0]} (one of ${unwritten.length} such images)`);
    return summary;
  } finally {
    await pool.close();
  }
}

/** One line a picture for a log: "3/24 street-03.jpg: 5 detections". */
export function progressLine({ done, total, line }: Progress): string {
  const what = isFailed(line) ? line.error.message : `${line.detections.length} detections`;
  return `${done}/${total} ${line.image.name}: ${what}`;
}
