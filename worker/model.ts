/** The model: the only door to onnxruntime-node. Loads a YOLOv8-family detection model, refuses others by name, runs it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import * as onnxruntime from "onnxruntime-node";
import { fileReasonOf, messageOf, systemCodeOf } from "./failure";
import { describeModel, type ModelDescription } from "./onnx/describe";
import { metadataOf } from "./onnx/metadata";
import { turnSoftmax } from "./onnx/softmaxRewrite";
import type { HeadOutput } from "./post/candidates";

export const runtimeVersion: string = onnxruntime.env.versions.node ?? onnxruntime.env.versions.common;

/** `turned`: with the box distribution's softmax turned, which was seen to give the same numbers; `as-exported` otherwise. */
export type Graph = "turned" | "as-exported";

export type ModelInfo = ModelDescription & { readonly sha256: string; readonly graph: Graph };

export interface Model {
  readonly info: ModelInfo;
  /** The input tensor's memory, [1, 3, height, width]: the caller fills it before each run. */
  readonly input: Float32Array;
  /** Blocks the thread (onnxruntime-node computes synchronously). The output is valid until the next run. */
  run(): Promise<HeadOutput>;
  release(): Promise<void>;
}

/**
 * Throws an Error of one sentence for a person: the file is not there, is no ONNX model, or is of a kind that is not supported.
 * Which graph runs is tried out, unless another process of the run already did.
 */
export async function loadModel(file: string, graph?: Graph): Promise<Model> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const what =
      systemCodeOf(cause) === "ENOENT"
        ? `There is no model file ${file}.`
        : `The model file ${file} cannot be read: ${fileReasonOf(cause)}.`;
    throw new Error(what, { cause });
  });
  const opened = await openGraph(file, bytes, graph);
  const { session } = opened;
  const info: ModelInfo = {
    graph: opened.graph,
    ...describeModel(basename(file), metadataOf(bytes), session.inputMetadata, session.outputMetadata),
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };

  const input = new Float32Array(3 * info.inputHeight * info.inputWidth);
  const tensor = new onnxruntime.Tensor("float32", input, [1, 3, info.inputHeight, info.inputWidth]);
  const [inputName, outputName] = [session.inputNames[0] ?? "images", session.outputNames[0] ?? "output0"];
  return {
    info,
    input,
    run: async () => {
      const output = (await session.run({ [inputName]: tensor }))[outputName];
      const [, channels = 0, anchors = 0] = output?.dims ?? [];
      if (!(output?.data instanceof Float32Array) || channels !== 4 + info.classNames.length)
        throw new Error(
          `the model answered [${String(output?.dims)}] instead of [1, ${4 + info.classNames.length}, anchors]`,
        );
      return { data: output.data, classes: channels - 4, anchors };
    },
    release: () => session.release(),
  };
}

interface Opened {
  readonly session: Session;
  readonly graph: Graph;
}

/** The faster graph where it gives the same output, bit for bit, on a tensor of noise. */
async function openGraph(file: string, bytes: Buffer, known: Graph | undefined): Promise<Opened> {
  const asExported = async (): Promise<Opened> => ({
    session: await openSession(file),
    graph: "as-exported",
  });
  const turned = known === "as-exported" ? undefined : turnedOf(bytes);
  if (turned === undefined) return asExported();
  if (known === "turned") return { session: await openSession(file, turned), graph: "turned" };

  // One after the other: two sessions at once would be twice the memory.
  const reference = await openSession(file);
  const expected = await answerToNoise(reference);
  await reference.release();
  try {
    const session = await openSession(file, turned);
    const answer = await answerToNoise(session);
    if (expected !== undefined && answer?.equals(expected) === true) return { session, graph: "turned" };
    await session.release();
  } catch {
    // The graph is not what it looked like; it runs as it was exported.
  }
  return asExported();
}

/** Undefined also for bytes that are no model: ONNX Runtime says it better. */
function turnedOf(bytes: Buffer): Buffer | undefined {
  try {
    return turnSoftmax(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The bytes of the first output; undefined for a model that takes no float32. Sizes that the model leaves open do not matter here. */
async function answerToNoise(session: Session): Promise<Buffer | undefined> {
  const input = session.inputMetadata[0];
  if (input?.isTensor !== true || input.type !== "float32") return undefined;
  const shape = input.shape.map((size, axis) => (typeof size === "number" ? size : ([1, 3][axis] ?? 320)));
  const length = shape.reduce((product, size) => product * size, 1);
  // Knuth's multiplicative hash: the same noise everywhere.
  const noise = Float32Array.from({ length }, (_, index) => (Math.imul(index, 2654435761) >>> 24) / 255);
  const output = Object.values(
    await session.run({ [input.name]: new onnxruntime.Tensor("float32", noise, shape) }),
  )[0];
  return output?.data instanceof Float32Array
    ? Buffer.from(new Uint8Array(output.data.buffer, output.data.byteOffset, output.data.byteLength))
    : undefined;
}

type Session = onnxruntime.InferenceSession;

/**
 * One thread a session: parallelism comes from several sessions, each in a process of its own, which is faster and does not spin.
 * Level "all" is what Ultralytics runs. By its file, since weights may lie in files beside it; or another graph in its stead.
 */
async function openSession(file: string, graph?: Buffer): Promise<Session> {
  const options: onnxruntime.InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    executionMode: "sequential",
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableCpuMemArena: true,
    logSeverityLevel: 3,
  };
  const { InferenceSession } = onnxruntime;
  try {
    return await (graph === undefined
      ? InferenceSession.create(file, options)
      : InferenceSession.create(graph, options));
  } catch (cause) {
    throw new Error(`${basename(file)} is not a model that ONNX Runtime can load: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

/** ONNX Runtime puts the whole path before its reason: "Load model from /… failed:Protobuf parsing failed." */
function reasonOf(cause: unknown): string {
  return messageOf(cause).replace(/^.*Load model from .* failed:\s*/, "");
}
