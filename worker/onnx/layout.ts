/** The layout of a model's output: which family of detection head it is, told from shapes and metadata, never from names of files. */

/**
 * - `yolov8`: [1, 4 + classes, anchors], centre and size in pixels of the input, class scores; YOLOv8, v9, 11, 12 and the re-released v5u.
 * - `end-to-end`: [1, rows, 6], final boxes as corners, score, class; YOLOv10, YOLO26, exports with NMS inside.
 * - `yolox`: [1, anchors, 5 + classes], to be decoded on a grid, with an objectness; YOLOX as its export script writes it.
 */
export type Layout = "yolov8" | "end-to-end" | "yolox";

/** A dimension: a number, or the name of one that the model leaves open. */
export type Dimension = number | string;

export type OutputFacts = {
  /** Of every output; the first is the one that counts. */
  readonly shapes: readonly (readonly Dimension[])[];
  /** How many classes the model names; undefined when it names none. */
  readonly classes: number | undefined;
  /** Anchors of strides 8, 16 and 32 over the input; undefined where the input's size is open. */
  readonly anchors: number | undefined;
  /** Ultralytics' metadata says that boxes are final. */
  readonly endToEnd: boolean;
  /** The file carries Ultralytics' metadata at all. */
  readonly ultralytics: boolean;
};

/** `classes`: how many, where names or shapes tell. */

export type LayoutFound =
  | { readonly layout: Layout; readonly classes: number | undefined }
  /** The end of a sentence that begins with the file's name. */
  | { readonly refused: string };

export function layoutOf({ shapes, classes, anchors, endToEnd, ultralytics }: OutputFacts): LayoutFound {
  const refused = (what: string): LayoutFound => ({ refused: what });
  const [shape = []] = shapes;
  const answers = shapes.map((each) => `[${each.join(", ")}]`).join(" and ");
  if (shapes.length > 1)
    return refused(
      shapes.some((each) => each.length === 4)
        ? `has ${shapes.length} outputs, as a segmentation model has`
        : `has ${shapes.length} outputs, ${answers}`,
    );
  if (shape.length === 2) return refused("is a classification model");
  if (shape.length !== 3) return refused(`gives output ${answers}`);

  const [, first, last] = shape as readonly [Dimension, Dimension, Dimension];
  const isYolox = anchors !== undefined && first === anchors && couldBe(last, classes, 5);
  if (isYolox && !ultralytics) return { layout: "yolox", classes: classesOf(last, 5, classes) };
  if (last === 6) return { layout: "end-to-end", classes };
  if (endToEnd)
    return refused(
      `gives final boxes with ${String(last)} values each, not 6: it is no plain detection model`,
    );
  if (anchors !== undefined && first === 3 * anchors)
    return refused(
      "has the head of the original YOLOv5, which is not supported: export the re-released YOLOv5u",
    );
  // With more or fewer grids (P2, P6) the number of anchors is another; then the class names must fit.
  const fits = classes !== undefined && first === 4 + classes;
  if (typeof last === "number" && last !== anchors && !fits) return refused(`gives output ${answers}`);
  if (!couldBe(first, classes, 4))
    return refused(`gives ${first} values an anchor, which does not fit its ${classes ?? 0} classes`);
  return { layout: "yolov8", classes: classesOf(first, 4, classes) };
}

/** Whether a dimension is, or may become, `extra` values and a score for each class. */
function couldBe(dimension: Dimension, classes: number | undefined, extra: number): boolean {
  if (typeof dimension !== "number") return true;
  return classes === undefined ? dimension > extra : dimension === extra + classes;
}

function classesOf(dimension: Dimension, extra: number, named: number | undefined): number | undefined {
  return named ?? (typeof dimension === "number" ? dimension - extra : undefined);
}
