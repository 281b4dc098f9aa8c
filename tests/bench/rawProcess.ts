/** A process that does nothing but `session.run` on a ready tensor: what the machine's cores can give at most. */
import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { turnSoftmax } from "../../worker/onnx/softmaxRewrite";

export interface RawStart {
  readonly modelFile: string;
  /** Whether the box distribution's softmax is turned, as the worker does, or the graph runs as it was exported. */
  readonly turned: boolean;
}

/** To the process: a number of runs. From it: `ready`, then `done` after each such number. */
async function serve(modelFile: string, turned: boolean): Promise<void> {
  const bytes = readFileSync(modelFile);
  const session = await InferenceSession.create(turned ? (turnSoftmax(bytes) ?? bytes) : bytes, {
    graphOptimizationLevel: "all",
    executionMode: "sequential",
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const input = session.inputMetadata[0];
  if (input?.isTensor !== true) throw new Error("the model takes no tensor");
  const shape = input.shape.map((size, axis) => (typeof size === "number" ? size : axis === 0 ? 1 : 640));
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length }, (_, index) => (index % 256) / 255);
  const tensor = new Tensor("float32", data, shape);
  const run = (): Promise<unknown> => session.run({ [input.name]: tensor });

  await run(); // the first one also lays out memory
  process.on("message", (runs: number) => {
    void (async () => {
      for (let i = 0; i < runs; i++) await run();
      process.send?.("done");
    })();
  });
  process.send?.("ready");
}

process.on("disconnect", () => process.exit());
const [modelFile = "", graph] = process.argv.slice(2);
void serve(modelFile, graph === "turned");
