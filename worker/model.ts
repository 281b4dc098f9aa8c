/** The model: loads a detection model, refuses others by name, and answers to pictures. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join, parse } from "node:path";
import { env, Tensor, type InferenceSession } from "onnxruntime-node";
import { fileReasonOf, systemCodeOf } from "./failure";
import { describeModel, type ModelDescription } from "./onnx/describe";
import { metadataOf } from "./onnx/metadata";
import { parseNames } from "./onnx/names";
import type { HeadOutput } from "./post/headOutput";
import { fromHalf } from "./pre/half";
import type { Letterbox } from "./pre/letterbox";
import { encodingOf } from "./pre/modelInput";
import { openSimdInput } from "./pre/simdInput";
import { fillTensor, maxSide, type Resize, type RgbPicture } from "./pre/tensor";
import { openGraph, type Graph } from "./session";

export const runtimeVersion: string = env.versions.node ?? env.versions.common;

export type ModelInfo = ModelDescription & { readonly sha256: string; readonly graph: Graph };

export interface Model {
  readonly info: ModelInfo;
  /** Puts a picture into the input, in its place there. Between this and the end of `run` no other picture may come. */
  fill(picture: RgbPicture, letterbox: Letterbox): void;
  /** Blocks the thread (onnxruntime-node computes synchronously). The output is valid until the next run. */
  run(): Promise<HeadOutput>;
  release(): Promise<void>;
}

export interface LoadOptions {
  /** Class names that count instead of the model's own; without it, `<model>.names.txt` beside the model where there is one. */
  readonly namesFile?: string;
  /** As another process of the run found out; without it, it is tried out which graph runs. */
  readonly graph?: Graph;
}

/** Throws an Error of one sentence for a person: a file is not there, is no ONNX model, or is of a kind that is not supported. */
export async function loadModel(file: string, { namesFile, graph }: LoadOptions = {}): Promise<Model> {
  const bytes = await readFile(file).catch(unreadable("model file", file));
  const names = await namesFor(file, namesFile);
  const opened = await openGraph(file, bytes, graph);
  const { inputMetadata, outputMetadata } = opened.session;
  return modelOf(opened.session, {
    ...describeModel(basename(file), metadataOf(bytes), inputMetadata, outputMetadata, names),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    graph: opened.graph,
  });
}

async function namesFor(model: string, given: string | undefined): Promise<string[] | undefined> {
  const { dir, name } = parse(model);
  const file = given ?? join(dir, `${name}.names.txt`);
  const text = await readFile(file, "utf8").catch((cause: unknown) =>
    given === undefined && systemCodeOf(cause) === "ENOENT"
      ? undefined
      : unreadable("file with class names", file)(cause),
  );
  return text === undefined ? undefined : parseNames(text, file);
}

function unreadable(what: string, file: string): (cause: unknown) => never {
  return (cause) => {
    const sentence =
      systemCodeOf(cause) === "ENOENT"
        ? `There is no ${what} ${file}.`
        : `The ${what} ${file} cannot be read: ${fileReasonOf(cause)}.`;
    throw new Error(sentence, { cause });
  };
}

function modelOf(session: InferenceSession, info: ModelInfo): Model {
  const encoding = encodingOf(info);
  // The largest input; a smaller one is the beginning of it. Of a fixed batch only the first picture is used.
  const length = info.batch * 3 * info.inputHeight * info.inputWidth;
  const { tensor: memory, resize } = inputFor(info, length);
  const [inputName, outputName] = [session.inputNames[0]!, session.outputNames[0]!];
  const fetches = fetchesOf(session);
  let size = { width: info.inputWidth, height: info.inputHeight };
  return {
    info,
    fill: (picture, letterbox) => {
      size = letterbox.input;
      fillTensor(memory, picture, letterbox, encoding, resize);
    },
    run: async () => {
      const dims = [info.batch, 3, size.height, size.width];
      const input = memory.subarray(0, info.batch * 3 * size.height * size.width);
      const output = (await session.run({ [inputName]: tensorOf(input, dims) }, fetches))[outputName];
      if (output === undefined) throw new Error(`the model gave no ${outputName}`);
      return headOutputOf(output, info, size);
    },
    release: () => session.release(),
  };
}

/**
 * Of numbers, or of the bits of half-precision numbers. onnxruntime-common makes a Float16Array of the bits where Node has one (from
 * 24 on), and the native part of onnxruntime-node 1.30 cannot read it ("not enough space"): it gets the bits themselves.
 */
function tensorOf(data: Float32Array | Uint16Array, dims: readonly number[]): Tensor {
  return data instanceof Float32Array
    ? new Tensor("float32", data, dims)
    : Object.defineProperty(new Tensor("float16", data, dims), "data", { value: data });
}

/** Numbers of half precision are rare enough to do without the faster resize. */
function inputFor(
  { elementType, inputWidth }: ModelInfo,
  length: number,
): { tensor: Float32Array | Uint16Array; resize?: Resize } {
  return elementType === "float32"
    ? openSimdInput(length, inputWidth, maxSide)
    : { tensor: new Uint16Array(length) };
}

/** Memory for the output where its size is fixed, so that not every image leaves megabytes to the garbage collector. */
function fetchesOf({ outputMetadata }: InferenceSession): Record<string, Tensor> {
  const [output] = outputMetadata;
  if (output?.isTensor !== true || output.type !== "float32") return {};
  const dims = output.shape.filter((size) => typeof size === "number");
  if (dims.length < output.shape.length) return {};
  const length = dims.reduce((product, size) => product * size, 1);
  return { [output.name]: new Tensor("float32", new Float32Array(length), dims) };
}

/** Throws an Error when the model does not answer in the shape that it announced or that its classes demand. */
function headOutputOf(
  output: Tensor,
  { layout, batch, classNames }: ModelInfo,
  input: { readonly width: number; readonly height: number },
): HeadOutput {
  const [, first = 0, last = 0] = output.dims;
  const all = floatsOf(output);
  const data = all.subarray(0, all.length / batch);
  const classes = classNames.length;
  const expected = { yolov8: first === 4 + classes, "end-to-end": last === 6, yolox: last === 5 + classes };
  if (!expected[layout])
    throw new Error(
      `the model answered [${output.dims.join(", ")}], which does not fit its ${classes} classes`,
    );
  switch (layout) {
    case "yolov8":
      return { layout, data, classes, anchors: last, isHalf: output.type === "float16" };
    case "end-to-end":
      return { layout, data, rows: first };
    case "yolox":
      return { layout, data, classes, inputWidth: input.width, inputHeight: input.height };
  }
}

/** Half-precision numbers come as their bits where Node has no array for them (before 24). */
function floatsOf({ data, type }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return Float32Array.from(data, fromHalf);
  if (type === "float16") return Float32Array.from(data as unknown as Iterable<number>);
  throw new Error(`the model answered with ${type}, not float32 or float16`);
}
