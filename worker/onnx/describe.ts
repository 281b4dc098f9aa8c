/** What a model is, read from its metadata and shapes: its layout, sizes and class names, or why it is refused. */
import { layoutOf, type Dimension, type Layout } from "./layout";
import { parsePythonLiteral, type PythonValue } from "./pythonLiteral";

export type ModelDescription = {
  readonly layout: Layout;
  /** Of a dynamic input the largest that is given to it. */
  readonly inputHeight: number;
  readonly inputWidth: number;
  /** Height and width may differ from picture to picture, in multiples of the stride. */
  readonly isDynamic: boolean;
  /** Pixels of the input per cell of the coarsest grid. */
  readonly stride: number;
  /** Pictures that the model takes at once; more than 1 where an export fixed it. */
  readonly batch: number;
  readonly elementType: "float32" | "float16";
  /** By class number. */
  readonly classNames: readonly string[];
};

/** An input or output as onnxruntime-node describes it; symbolic dimensions are strings. */
export type ValueDescription = {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly Dimension[];
};

/**
 * Decides from metadata and shapes, never from the export's arguments (their meaning changed between Ultralytics versions).
 * `names` are class names that a person gave. Throws an Error of one sentence that says what the model is and what is needed.
 */
export function describeModel(
  file: string,
  metadata: ReadonlyMap<string, string>,
  inputs: readonly ValueDescription[],
  outputs: readonly ValueDescription[],
  names?: readonly string[],
): ModelDescription {
  const refuse = (what: string): never => {
    throw new Error(
      `${file} ${what}; needed is a detection model: YOLOv8 or 11 (output [1, 4 + classes, anchors]), one with final boxes ([1, n, 6]) or YOLOX.`,
    );
  };
  const task = metadata.get("task");
  if (task !== undefined && task !== "detect") refuse(`is a YOLO ${task} model`);
  // Its boxes are final too, and are shares of a picture that was stretched.
  if (metadata.get("head")?.startsWith("RTDETR") === true) refuse("is an RT-DETR model");

  const { elementType, batch, height, width } = inputOf(inputs, imageSize(metadata.get("imgsz")), refuse);
  const open = [inputs[0]?.shape?.[2], inputs[0]?.shape?.[3]].filter((size) => typeof size === "string");
  if (open.length === 1) refuse("leaves only one of height and width open");
  const isDynamic = open.length === 2;
  const own = classNames(metadata.get("names"));
  const found = layoutOf({
    shapes: outputs.map(({ shape = [] }) => shape),
    classes: own?.length,
    anchors: isDynamic ? undefined : anchorsOf(height, width),
    endToEnd: literal(metadata.get("end2end")) === true,
    ultralytics: task !== undefined,
  });
  if ("refused" in found) return refuse(found.refused);
  const classes = found.classes ?? names?.length;
  if (names !== undefined && classes !== names.length)
    throw new Error(`${file} has ${classes} classes, and the file with their names has ${names.length}.`);
  if (classes === undefined && found.layout !== "end-to-end")
    refuse("does not tell how many classes it has: give their names in a file (--names)");
  const stride = literal(metadata.get("stride"));
  return {
    layout: found.layout,
    inputHeight: height,
    inputWidth: width,
    isDynamic,
    stride: typeof stride === "number" ? stride : coarsestStride,
    batch,
    elementType,
    classNames: names ?? own ?? Array.from({ length: classes ?? 0 }, (_, index) => `class${index}`),
  };
}

const strides = [8, 16, 32] as const;
const coarsestStride = 32;

/** Cells of the three grids over an input. */
export function anchorsOf(height: number, width: number): number {
  return strides.reduce((sum, stride) => sum + (height / stride) * (width / stride), 0);
}

function inputOf(
  inputs: readonly ValueDescription[],
  exported: readonly [height: number, width: number],
  refuse: (what: string) => never,
): Pick<ModelDescription, "elementType" | "batch"> & { readonly height: number; readonly width: number } {
  const [input] = inputs;
  const { type, shape = [] } = input ?? {};
  if (type !== "float32" && type !== "float16")
    return refuse(`takes ${type ?? "no tensor"} input, not float32 or float16`);
  const [batch, channels, height, width] = shape;
  if (inputs.length !== 1 || shape.length !== 4 || (typeof channels === "number" && channels !== 3))
    return refuse(`takes input [${shape.join(", ")}], not pictures [1, 3, height, width]`);
  return {
    elementType: type,
    batch: typeof batch === "number" ? batch : 1,
    // Symbolic sizes of a dynamic export become the size it was exported at.
    height: typeof height === "number" ? height : exported[0],
    width: typeof width === "number" ? width : exported[1],
  };
}

/** `{0: 'person', …}` or `['person', …]`; undefined when the file carries none that can be read. */
function classNames(text: string | undefined): string[] | undefined {
  const value = literal(text);
  if (Array.isArray(value)) return value.map(String);
  if (!(value instanceof Map)) return undefined;
  const entries = [...value].map(([key, name]): [number, string] => [Number(key), String(name)]);
  const highest = Math.max(-1, ...entries.map(([key]) => key));
  const byNumber = new Map(entries);
  return Array.from({ length: highest + 1 }, (_, index) => byNumber.get(index) ?? `class${index}`);
}

function imageSize(text: string | undefined): [height: number, width: number] {
  const value = literal(text);
  if (typeof value === "number") return [value, value];
  if (Array.isArray(value) && value.length === 2) return [Number(value[0]), Number(value[1])];
  return [640, 640]; // Ultralytics' default
}

function literal(text: string | undefined): PythonValue | undefined {
  try {
    return text === undefined ? undefined : parsePythonLiteral(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // a foreign exporter's text: shapes decide
    throw error;
  }
}
