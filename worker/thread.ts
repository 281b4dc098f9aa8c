/** An inference thread: one session, images in, outcomes out. The next image is decoded while one is inferred. */
import { parentPort, workerData } from "node:worker_threads";
import type { DetectionSettings } from "./contract/settings";
import { createDetector } from "./detectImage";
import { messageOf } from "./failure";
import { loadModel, type ModelInfo } from "./model";
import type { ImageOutcome } from "./outcome";

/** What a thread is started with. */
export interface ThreadStart {
  readonly modelFile: string;
  readonly settings: DetectionSettings;
}

export interface ThreadRequest {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly wantsAnnotated: boolean;
}

export type ThreadAnswer =
  | { readonly kind: "ready"; readonly info: ModelInfo }
  /** The model cannot be loaded; the thread ends. */
  | { readonly kind: "unusable"; readonly message: string }
  | { readonly kind: "outcome"; readonly id: number; readonly outcome: ImageOutcome };

async function serve(
  { modelFile, settings }: ThreadStart,
  port: NonNullable<typeof parentPort>,
): Promise<void> {
  const answer = (message: ThreadAnswer): void => port.postMessage(message);
  try {
    const model = await loadModel(modelFile);
    const detector = createDetector(model, settings);
    port.on("message", ({ id, bytes, wantsAnnotated }: ThreadRequest) => {
      void detector.detect(bytes, wantsAnnotated).then((outcome) => answer({ kind: "outcome", id, outcome }));
    });
    answer({ kind: "ready", info: model.info });
  } catch (error) {
    answer({ kind: "unusable", message: messageOf(error) });
  }
}

if (parentPort !== null) void serve(workerData as ThreadStart, parentPort);
