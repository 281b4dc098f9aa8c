/** An inference process: one session, images in, outcomes out, one after another, over the channel to the pool that started it. */
import type { DetectionSettings } from "./contract/settings";
import { createDetector } from "./detectImage";
import { messageOf } from "./failure";
import { loadModel, type ModelInfo } from "./model";
import type { ImageOutcome } from "./outcome";
import type { Graph } from "./session";
import { versions, type Versions } from "./versions";

export interface InferenceStart {
  readonly modelFile: string;
  /** Class names that a person gave. */
  readonly namesFile?: string;
  readonly settings: DetectionSettings;
  /** As the first process of the run found out; undefined for that one. */
  readonly graph?: Graph;
}

export interface InferenceRequest {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly wantsAnnotated: boolean;
}

/** Pool to process: the first word, then images. */
export type ToInference =
  | { readonly kind: "start"; readonly start: InferenceStart }
  | { readonly kind: "image"; readonly request: InferenceRequest };

/** Process to pool: whether the model can be used, then outcomes. */
export type FromInference =
  | { readonly kind: "ready"; readonly info: ModelInfo; readonly versions: Versions }
  | { readonly kind: "unusable"; readonly message: string }
  | { readonly kind: "outcome"; readonly id: number; readonly outcome: ImageOutcome };

async function serve({ modelFile, namesFile, settings, graph }: InferenceStart): Promise<void> {
  try {
    const model = await loadModel(modelFile, { namesFile, graph });
    const detector = createDetector(model, settings);
    process.on("message", (message: ToInference) => {
      if (message.kind !== "image") return;
      const { id, bytes, wantsAnnotated } = message.request;
      void detector.detect(bytes, wantsAnnotated).then((outcome) => answer({ kind: "outcome", id, outcome }));
    });
    answer({ kind: "ready", info: model.info, versions: versions() });
  } catch (error) {
    answer({ kind: "unusable", message: messageOf(error) });
  }
}

/** A channel that is closed meanwhile is noticed where the process ends. */
function answer(message: FromInference): void {
  process.send?.(message, () => undefined);
}

// A Ctrl-C reaches every process of the terminal: the pool decides what is still finished, and this process goes when the pool does.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
process.on("disconnect", () => process.exit());
process.once("message", (message: ToInference) => {
  if (message.kind === "start") void serve(message.start);
});
