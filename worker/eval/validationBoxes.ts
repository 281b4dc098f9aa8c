/** The boxes that validation counts: like those of a run, but an anchor may be several classes at once, not only its best. */
import type { DetectionSettings } from "../contract/settings";
import type { Layout } from "../onnx/layout";
import { boxesOf } from "../post/boxes";
import type { Candidate } from "../post/candidates";
import type { HeadOutput, YoloV8Output } from "../post/headOutput";
import { suppress } from "../post/nms";

const { fround } = Math;

/** Best first, in pixels of the model's input. */
export function validationBoxesOf(output: HeadOutput, settings: DetectionSettings): Candidate[] {
  if (isMultiLabel(output)) return suppress(multiLabelCandidates(output, settings.confidence), settings);
  return boxesOf(output, { ...settings, wanted: undefined });
}

/** Elsewhere a box comes with one class: end-to-end models give final boxes, and YOLOX's own evaluation takes the best class. */
export function isMultiLabel<T extends { readonly layout: Layout }>(
  output: T,
): output is T & { readonly layout: "yolov8" } {
  return output.layout === "yolov8";
}

/** Ultralytics non_max_suppression with multi_label, as `val` calls it. Anchor by anchor, class by class. */
function multiLabelCandidates({ data, classes, anchors }: YoloV8Output, confidence: number): Candidate[] {
  const threshold = fround(confidence);
  const candidates: Candidate[] = [];
  for (let anchor = 0; anchor < anchors; anchor++)
    for (let number = 0; number < classes; number++) {
      const score = data[(4 + number) * anchors + anchor]!;
      if (score > threshold) candidates.push({ class: number, score, ...cornersOf(data, anchors, anchor) });
    }
  return candidates;
}

function cornersOf(data: Float32Array, anchors: number, anchor: number): Omit<Candidate, "class" | "score"> {
  const [x, y] = [data[anchor]!, data[anchors + anchor]!];
  const halfWidth = fround(data[2 * anchors + anchor]! / 2);
  const halfHeight = fround(data[3 * anchors + anchor]! / 2);
  return {
    x1: fround(x - halfWidth),
    y1: fround(y - halfHeight),
    x2: fround(x + halfWidth),
    y2: fround(y + halfHeight),
  };
}
