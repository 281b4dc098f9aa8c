/** `detect`: files and folders in, a folder of results out; no cloud. */
import { availableParallelism } from "node:os";
import { isFailed, type ResultLine } from "./contract/result";
import type { DetectionSettings } from "./contract/settings";
import type { Summary } from "./contract/summary";
import { openFolderSink, openFolderSource } from "./io/folder";
import { DetectorPool } from "./pool";
import { runDetection } from "./run";
import { summaryOf } from "./summary";

export interface DetectOptions {
  readonly model: string;
  readonly out: string;
  readonly images: readonly string[];
  readonly settings: DetectionSettings;
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
  const source = await openFolderSource(options.images, options.settings.annotate);
  const threads = Math.min(options.threads ?? availableParallelism(), source.images.length);
  const pool = await DetectorPool.open({ modelFile: options.model, settings: options.settings, threads });
  try {
    const sink = await openFolderSink(options.out);
    const startedMs = performance.now();
    const seconds = (): number => (performance.now() - startedMs) / 1000;
    const counted: ResultLine[] = [];
    try {
      await runDetection({
        source,
        sink,
        pool,
        interrupted,
        onLine: (line) => {
          counted.push(line);
          const done = counted.length;
          report({ done, total: source.images.length, imagesPerSecond: done / seconds(), line });
        },
      });
    } catch (error) {
      await sink.abandon();
      throw error;
    }
    if (interrupted.aborted && counted.length < source.images.length) {
      await sink.abandon();
      return undefined;
    }
    const summary = summaryOf(counted, { info: pool.info, threads, seconds: seconds() });
    await sink.finish(summary);
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
