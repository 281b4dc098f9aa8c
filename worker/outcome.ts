/** What one image yields, as it travels from an inference process to the run. */
import type { Detection, ImageFailure } from "./contract/result";

export type ImageOutcome =
  | {
      readonly kind: "done";
      readonly width: number;
      readonly height: number;
      readonly truncated: boolean;
      readonly detections: readonly Detection[];
      /** The annotated JPEG; null where none was wanted, or only with detections and there are none. */
      readonly jpeg: Uint8Array | null;
    }
  | { readonly kind: "failed"; readonly failure: ImageFailure };
