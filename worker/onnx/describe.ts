/** What a model is, read from its metadata and shapes: sizes and class names of a YOLOv8-family detector, or why it is refused. */
import { parsePythonLiteral, type PythonValue } from "./pythonLiteral";

export type ModelDescription = {
  readonly inputHeight: number;
  readonly inputWidth: number;
  /** By class number. */
  readonly classNames: readonly string[];
};

/** An input or output as onnxruntime-node describes it; symbolic dimensions are strings. */
export type ValueDescription = {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
};

/**
 * Decides from metadata and shapes, never from the export's arguments (their meaning changed between Ultralytics versions).
 * Throws an Error of one sentence that says what the model is and what is needed.
 */
export function describeModel(
  file: string,
  metadata: ReadonlyMap<string, string>,
  inputs: readonly ValueDescription[],
  outputs: readonly ValueDescription[],
): ModelDescription {
  const refuse = (what: string): never => {
    throw new Error(
      `${file} ${what}; needed is a YOLOv8-family detection model (output [1, 4 + classes, anchors]).`,
    );
  };
  const task = metadata.get("task");
  if (task !== undefined && task !== "detect") refuse(`is a YOLO ${task} model`);

  const [input, output] = [inputs[0], outputs[0]];
  const inputShape = input?.shape ?? [];
  if (input?.type !== "float32")
    refuse(`takes ${input?.type ?? "no tensor"} input, not float32 (export it without half precision)`);
  if (
    inputs.length !== 1 ||
    inputShape.length !== 4 ||
    isOther(inputShape[0], 1) ||
    isOther(inputShape[1], 3)
  )
    refuse(`takes input [${inputShape.join(", ")}], not one picture [1, 3, height, width]`);

  const outputShape = output?.shape ?? [];
  if (outputShape.length === 2) refuse("is a classification model");
  if (outputShape.length !== 3 || isOther(outputShape[0], 1))
    refuse(`gives output [${outputShape.join(", ")}]`);
  if (outputShape[2] === 6)
    refuse("gives final boxes [1, n, 6]: it was exported with NMS inside or without need of it");
  if (outputs.length > 1) refuse(`has ${outputs.length} outputs, as a segmentation model has`);

  const rows = outputShape[1];
  const names = classNames(metadata.get("names"));
  const classes = names?.length ?? (typeof rows === "number" ? rows - 4 : 0);
  if (classes < 1 || isOther(rows, 4 + classes))
    refuse(`gives ${String(rows)} values an anchor, not the ${4 + classes} of its ${classes} classes`);

  const [height, width] = imageSize(metadata.get("imgsz"));
  return {
    inputHeight: sizeOf(inputShape[2], height),
    inputWidth: sizeOf(inputShape[3], width),
    classNames: names ?? Array.from({ length: classes }, (_, index) => `class${index}`),
  };
}

/** Whether a dimension is fixed to something else; a symbolic one may still become what is expected. */
function isOther(dimension: number | string | undefined, expected: number): boolean {
  return typeof dimension === "number" ? dimension !== expected : dimension === undefined;
}

/** Symbolic sizes of a dynamic export become the size it was exported at. */
function sizeOf(dimension: number | string | undefined, exported: number): number {
  return typeof dimension === "number" ? dimension : exported;
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
