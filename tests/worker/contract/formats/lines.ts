/** Result lines to write in other formats. */
import type { Detection, DoneLine, FailedLine } from "../../../../worker/contract/result";

export function doneLine(name: string, detections: readonly Detection[] = [], size = [640, 480]): DoneLine {
  const [width, height] = size;
  return {
    version: 1,
    image: { name, etag: null, bytes: 1, width: width!, height: height! },
    detections: [...detections],
    annotated: null,
  };
}

export function detection(
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  classNumber = 0,
  name = "person",
  confidence = 0.87654,
): Detection {
  return { name, class: classNumber, confidence, box: { x1, y1, x2, y2 } };
}

export function failedLine(name: string): FailedLine {
  return {
    version: 1,
    image: { name, etag: null },
    error: { stage: "decode", code: "empty", message: "The file is empty." },
  };
}
