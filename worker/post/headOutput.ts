/** A model's raw answer to one picture, by the layout of its head. */

export type HeadOutput = YoloV8Output | EndToEndOutput | YoloxOutput;

/** `output0` [4 + classes, anchors], row by row: centre x, centre y, width, height, then a row of scores for each class. */
export type YoloV8Output = {
  readonly layout: "yolov8";
  readonly data: Float32Array;
  readonly classes: number;
  readonly anchors: number;
  /** The model answered in half precision, in which the corners of its boxes are computed then. */
  readonly isHalf?: boolean;
};

/** [rows, 6]: corners, score and class of final boxes, the best first. */
export type EndToEndOutput = {
  readonly layout: "end-to-end";
  readonly data: Float32Array;
  readonly rows: number;
};

/** [anchors, 5 + classes]: centre and size relative to the cell of the grid, objectness, scores. */
export type YoloxOutput = {
  readonly layout: "yolox";
  readonly data: Float32Array;
  readonly classes: number;
  /** Of the input, in pixels: the grids lie over it. */
  readonly inputWidth: number;
  readonly inputHeight: number;
};

/** The highest class score of all, however low. A NaN counts as 0. */
export function highestScore(output: HeadOutput): number {
  const { data } = output;
  let highest = 0;
  switch (output.layout) {
    case "yolov8":
      for (let at = 4 * output.anchors; at < data.length; at++) if (data[at]! > highest) highest = data[at]!;
      return highest;
    case "end-to-end":
      for (let at = 4; at < data.length; at += 6) if (data[at]! > highest) highest = data[at]!;
      return highest;
    case "yolox":
      for (let at = 0; at < data.length; at += 5 + output.classes)
        for (let k = 0; k < output.classes; k++)
          highest = Math.max(highest, data[at + 4]! * data[at + 5 + k]! || 0);
      return highest;
  }
}
