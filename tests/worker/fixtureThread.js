// An inference thread that needs no model: it does what the text of its "image" says.
const { parentPort, workerData } = require("node:worker_threads");

const failure = (message) => ({ kind: "failed", failure: { stage: "decode", code: "told", message } });

parentPort.on("message", ({ id, bytes }) => {
  const text = Buffer.from(bytes).toString();
  if (text === "die") process.exit(1);
  if (text === "throw") throw new Error("an error outside of any image");
  if (text !== "hang") parentPort.postMessage({ kind: "outcome", id, outcome: failure(text) });
});
if (workerData.modelFile === "unusable.onnx")
  parentPort.postMessage({ kind: "unusable", message: "unusable.onnx is a YOLO pose model." });
else if (workerData.modelFile === "deadly.onnx") process.exit(1);
else if (workerData.modelFile !== "endless.onnx")
  parentPort.postMessage({
    kind: "ready",
    info: { inputHeight: 1, inputWidth: 1, classNames: [], sha256: "" },
  });
