import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openGraph, type Graph } from "../../worker/session";
import { anchors, dflHead, expectation, reshape, softmax, transpose } from "../support/dflHead";
import { onnxModel, type OnnxModel } from "../support/onnxModel";
import { withTemporaryFolder } from "../support/temporaryFolder";

/** Which graph runs, with the names of its outputs, to prove that it is open. */
async function opened(model: OnnxModel, known?: Graph): Promise<[Graph, readonly string[]]> {
  return withTemporaryFolder(async (folder) => {
    const file = join(folder, "head.onnx");
    const bytes = onnxModel(model);
    writeFileSync(file, bytes);
    const { session, graph } = await openGraph(file, bytes, known);
    const { outputNames } = session;
    await session.release();
    return [graph, outputNames];
  });
}

describe("opening a model's graph", () => {
  it("takes the turned one where it answers the same", async () => {
    expect(await opened(dflHead())).toEqual(["turned", ["sides_out"]]);
  });

  it("takes the one that another process found out", async () => {
    expect(await opened(dflHead(), "turned")).toEqual(["turned", ["sides_out"]]);
    expect(await opened(dflHead(), "as-exported")).toEqual(["as-exported", ["sides_out"]]);
  });

  it("takes the exported one where there is no such softmax", async () => {
    const other = dflHead([reshape, transpose(), softmax(2), ...expectation]);

    expect(await opened(other)).toEqual(["as-exported", ["sides_out"]]);
  });

  it("takes the exported one where the turned one does not load, since somebody wants what it no longer has", async () => {
    const head = dflHead();
    const outputs = [
      ...head.outputs,
      { name: "transposed", type: "float32" as const, shape: [1, 16, 4, anchors] },
    ];

    expect(await opened({ ...head, outputs })).toEqual(["as-exported", ["sides_out", "transposed"]]);
  });
});
