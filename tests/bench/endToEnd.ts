/** The worker end to end on files: read, decode, detect, draw, encode, write; its model is loaded before the clock starts. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultDetectionSettings, type DetectionSettings } from "../../worker/contract/settings";
import { openFolderSink, openFolderSource } from "../../worker/io/folder";
import { DetectorPool } from "../../worker/pool";
import { runDetection } from "../../worker/run";
import { timed, type Measurement } from "./measure";
import type { PictureSet } from "./pictures";

export class EndToEnd {
  private constructor(
    readonly pool: DetectorPool,
    readonly settings: DetectionSettings,
    readonly out: string,
  ) {}

  static async open(modelFile: string, annotate: "all" | "none", threads: number): Promise<EndToEnd> {
    const settings = { ...defaultDetectionSettings, annotate };
    const pool = await DetectorPool.open({ modelFile, settings, threads });
    return new EndToEnd(pool, settings, await mkdtemp(join(tmpdir(), "detect-bench-")));
  }

  async measure({ folder, files }: PictureSet): Promise<Measurement> {
    const source = await openFolderSource([folder], this.settings.annotate, this.out);
    const sink = await openFolderSink(this.out);
    const never = new AbortController().signal;
    let failed = 0;
    const measured = await timed(files.length, () =>
      runDetection({
        source,
        sink,
        pool: this.pool,
        interrupted: never,
        onLine: (line) => {
          if ("error" in line) failed += 1;
        },
      }),
    );
    await sink.abandon();
    if (failed > 0) throw new Error(`${failed} pictures of the measurement failed`);
    return measured;
  }

  async close(): Promise<void> {
    await this.pool.close();
    await rm(this.out, { recursive: true, force: true });
  }
}
