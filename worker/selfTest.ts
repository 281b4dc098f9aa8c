/** The self-test: runtime, worker and model together on one picture. A node runs it before it takes tasks. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { defaultDetectionSettings } from "./contract/settings";
import { detectionsIn, filterOf, infer } from "./detectImage";
import { decode } from "./image/decode";
import { loadModel } from "./model";
import { highestScore as highestScoreOf } from "./post/headOutput";
import { versions } from "./versions";

export interface SelfTestReport {
  readonly ok: true;
  readonly model: {
    readonly sha256: string;
    readonly inputHeight: number;
    readonly inputWidth: number;
    readonly classes: number;
  };
  /** Whose picture it was: the model's own, which must show something the model knows, or the worker's neutral one. */
  readonly picture: "model" | "worker";
  readonly highestScore: number;
  readonly detections: number;
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * A model layer may carry a picture with things it knows: then at least one detection is demanded. On the neutral picture only
 * scores that are all exactly 0 fail (a broken export): a sound model with classes of its own may know nothing on it.
 */
export async function selfTest(modelFile: string): Promise<SelfTestReport> {
  const model = await loadModel(modelFile);
  try {
    const own = join(dirname(modelFile), "selftest.jpg");
    const picture = existsSync(own) ? "model" : "worker";
    const file = picture === "model" ? own : join(__dirname, "selftest.jpg");
    const decoded = await decode(await readFile(file), false);
    const output = await infer(model, decoded);
    const highestScore = highestScoreOf(output);
    const detections = detectionsIn(output, decoded, model, filterOf(model, defaultDetectionSettings)).length;

    if (highestScore === 0)
      throw new Error(
        "The self-test failed: every class score of the model is exactly 0, so it can detect nothing. Export it again (a quantized head often causes this).",
      );
    if (picture === "model" && detections === 0)
      throw new Error("The self-test failed: the model finds nothing in its own test picture.");
    const { sha256, inputHeight, inputWidth, classNames } = model.info;
    return {
      ok: true,
      model: { sha256, inputHeight, inputWidth, classes: classNames.length },
      picture,
      highestScore,
      detections,
      versions: versions(),
    };
  } finally {
    await model.release();
  }
}
