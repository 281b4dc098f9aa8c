/** Where the processor's time of one picture goes: each stage alone, one after another, on one core. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultDetectionSettings as settings } from "../../worker/contract/settings";
import { detectionsIn, filterOf } from "../../worker/detectImage";
import { annotate } from "../../worker/draw/annotate";
import { decode } from "../../worker/image/decode";
import { loadModel, type Model } from "../../worker/model";
import { encodeJpeg } from "../../worker/out/jpeg";
import { letterboxFor } from "../../worker/pre/modelInput";
import { median } from "./measure";
import { makePictures, sizes } from "./pictures";

const stageNames = ["decode", "tensor", "run", "boxes", "draw", "encode"] as const;
export type StageName = (typeof stageNames)[number];

/** Medians in milliseconds. */
export interface StageRow {
  readonly size: string;
  readonly stages: Readonly<Record<StageName, number>>;
}

const pictures = 40;

export async function measureStages(options: {
  readonly model: string;
  readonly images: string;
}): Promise<StageRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "detect-bench-"));
  const model = await loadModel(options.model);
  try {
    const rows: StageRow[] = [];
    for (const size of sizes) {
      const { name, files } = await makePictures(options.images, folder, size, pictures);
      const times: Record<StageName, number[]> = {
        decode: [],
        tensor: [],
        run: [],
        boxes: [],
        draw: [],
        encode: [],
      };
      for (const file of files) {
        const measured = await stagesOf(model, await readFile(file));
        for (const stage of stageNames) times[stage].push(measured[stage]);
      }
      const medians = stageNames.map((stage) => [stage, median(times[stage])]);
      rows.push({ size: name, stages: Object.fromEntries(medians) as Record<StageName, number> });
    }
    return rows;
  } finally {
    await model.release();
    await rm(folder, { recursive: true, force: true });
  }
}

async function stagesOf(model: Model, bytes: Uint8Array): Promise<Record<StageName, number>> {
  let lastMs = performance.now();
  const lap = (): number => {
    const beganMs = lastMs;
    lastMs = performance.now();
    return lastMs - beganMs;
  };
  const picture = await decode(bytes, false);
  const decodeMs = lap();
  model.fill(picture, letterboxFor(picture, model.info));
  const tensor = lap();
  const output = await model.run();
  const run = lap();
  const detections = detectionsIn(output, picture, model, filterOf(model, settings));
  const boxes = lap();
  annotate(picture, detections);
  const draw = lap();
  await encodeJpeg(picture);
  return { decode: decodeMs, tensor, run, boxes, draw, encode: lap() };
}
