// An inference process that needs no model: it does what the text of its "image" says.
const failure = (message) => ({ kind: "failed", failure: { stage: "decode", code: "told", message } });
const info = { inputHeight: 1, inputWidth: 1, classNames: [], sha256: "" };

process.on("disconnect", () => process.exit());
process.on("message", ({ kind, start, request }) => {
  if (kind === "start") {
    if (start.modelFile === "unusable.onnx")
      process.send({ kind: "unusable", message: "unusable.onnx is a YOLO pose model." });
    else if (start.modelFile === "deadly.onnx") process.exit(1);
    else if (start.modelFile !== "endless.onnx") process.send({ kind: "ready", info, versions: {} });
    return;
  }
  const text = Buffer.from(request.bytes).toString();
  if (text === "die") process.exit(1);
  if (text === "crash") process.kill(process.pid, "SIGSEGV");
  if (text === "spin") for (;;);
  if (text !== "hang") process.send({ kind: "outcome", id: request.id, outcome: failure(text) });
});
