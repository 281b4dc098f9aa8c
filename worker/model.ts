/** The model: the only door to onnxruntime-node. Loads a YOLOv8-family detection model, refuses others by name, runs it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import * as onnxruntime from "onnxruntime-node";
import { fileReasonOf, messageOf, systemCodeOf } from "./failure";
import { describeModel, type ModelDescription } from "./onnx/describe";
import { metadataOf } from "./onnx/metadata";
import type { HeadOutput } from "./post/candidates";

export const runtimeVersion: string = onnxruntime.env.versions.node ?? onnxruntime.env.versions.common;

export type ModelInfo = ModelDescription & { readonly sha256: string };

export interface Model {
  readonly info: ModelInfo;
  /** The input tensor's memory, [1, 3, height, width]: the caller fills it before each run. */
  readonly input: Float32Array;
  /** Blocks the thread (onnxruntime-node computes synchronously). The output is valid until the next run. */
  run(): Promise<HeadOutput>;
  release(): Promise<void>;
}

/** Throws an Error of one sentence for a person: the file is not there, is no ONNX model, or is of a kind that is not supported. */
export async function loadModel(file: string): Promise<Model> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const what =
      systemCodeOf(cause) === "ENOENT"
        ? `There is no model file ${file}.`
        : `The model file ${file} cannot be read: ${fileReasonOf(cause)}.`;
    throw new Error(what, { cause });
  });
  const session = await openSession(file);
  const info: ModelInfo = {
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

/** One thread a session: parallelism comes from several sessions, each in a process of its own, which is faster and does not spin. Level "all" is what Ultralytics runs. */
async function openSession(file: string): Promise<onnxruntime.InferenceSession> {
  try {
    return await onnxruntime.InferenceSession.create(file, {
      executionProviders: ["cpu"],
      graphOptimizationLevel: "all",
      executionMode: "sequential",
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      enableCpuMemArena: true,
      logSeverityLevel: 3,
    });
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
