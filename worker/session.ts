/** Sessions of ONNX Runtime: how a model's graph is opened, and which graph it is. */
import { basename } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { messageOf } from "./failure";
import { turnSoftmax } from "./onnx/softmaxRewrite";

/** `turned`: with the box distribution's softmax turned, which was seen to give the same numbers; `as-exported` otherwise. */
export type Graph = "turned" | "as-exported";

export interface Opened {
  readonly session: InferenceSession;
  readonly graph: Graph;
}

/**
 * The faster graph where it gives the same output, bit for bit, on a tensor of noise; `known` is what another process of the run
 * found out. Throws an Error of one sentence for a file that is no model.
 */
export async function openGraph(file: string, bytes: Buffer, known: Graph | undefined): Promise<Opened> {
  const asExported = async (): Promise<Opened> => ({
    session: await openSession(file, file),
    graph: "as-exported",
  });
  const turned = known === "as-exported" ? undefined : turnedOf(bytes);
  if (turned === undefined) return asExported();
  if (known === "turned") return { session: await openSession(file, turned), graph: "turned" };

  // One after the other: two sessions at once would be twice the memory.
  const reference = await openSession(file, file);
  const expected = await answerToNoise(reference).catch(() => undefined);
  if (expected === undefined) return { session: reference, graph: "as-exported" };
  await reference.release();
  try {
    const session = await openSession(file, turned);
    const answer = await answerToNoise(session);
    if (answer?.equals(expected) === true) return { session, graph: "turned" };
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
async function answerToNoise(session: InferenceSession): Promise<Buffer | undefined> {
  const input = session.inputMetadata[0];
  if (input?.isTensor !== true || input.type !== "float32") return undefined;
  const shape = input.shape.map((size, axis) => (typeof size === "number" ? size : ([1, 3][axis] ?? 320)));
  const length = shape.reduce((product, size) => product * size, 1);
  // Knuth's multiplicative hash: the same noise everywhere.
  const noise = Float32Array.from({ length }, (_, index) => (Math.imul(index, 2654435761) >>> 24) / 255);
  const output = Object.values(await session.run({ [input.name]: new Tensor("float32", noise, shape) }))[0];
  return output?.data instanceof Float32Array
    ? Buffer.from(new Uint8Array(output.data.buffer, output.data.byteOffset, output.data.byteLength))
    : undefined;
}

/**
 * One thread a session: parallelism comes from several sessions, each in a process of its own, which is faster and does not spin.
 * Level "all" is what Ultralytics runs. A file is opened by its path, since weights may lie in files beside it.
 */
async function openSession(file: string, graph: string | Buffer): Promise<InferenceSession> {
  const create = (enableMemPattern: boolean): Promise<InferenceSession> => {
    const options: InferenceSession.SessionOptions = {
      executionProviders: ["cpu"],
      graphOptimizationLevel: "all",
      executionMode: "sequential",
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      enableCpuMemArena: true,
      enableMemPattern,
      logSeverityLevel: 3,
    };
    return typeof graph === "string"
      ? InferenceSession.create(graph, options)
      : InferenceSession.create(graph, options);
  };
  try {
    const session = await create(true);
    if (!isDynamic(session)) return session;
    // A pattern of memory is planned for each size that comes along, and kept.
    await session.release();
    return await create(false);
  } catch (cause) {
    throw new Error(`${basename(file)} is not a model that ONNX Runtime can load: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

function isDynamic({ inputMetadata }: InferenceSession): boolean {
  return inputMetadata.some(
    (input) => input.isTensor && input.shape.slice(2).some((size) => typeof size === "string"),
  );
}

/** ONNX Runtime puts the whole path before its reason: "Load model from /… failed:Protobuf parsing failed." */
function reasonOf(cause: unknown): string {
  return messageOf(cause).replace(/^.*Load model from .* failed:\s*/, "");
}
