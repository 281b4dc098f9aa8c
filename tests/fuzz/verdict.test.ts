import type { ResultLine } from "../../worker/contract/result";
import { judge } from "./verdict";

const done = (name: string): ResultLine => ({
  version: 1,
  image: { name, etag: null, bytes: 9, width: 4, height: 3 },
  detections: [],
  annotated: null,
});
const failed = (name: string, code: string): ResultLine => ({
  version: 1,
  image: { name, etag: null },
  error: { stage: "decode", code, message: "So it is." },
});
const run = (lines: readonly ResultLine[], exit: number | null = 3) => ({ exit, lines, lastWords: "bye" });

describe("the verdict on a fuzzed run", () => {
  it("is good when every picture has its line, and counts them by what became of them", () => {
    const { counts, faults } = judge(["a", "b", "c"], run([done("a"), failed("b", "corrupt"), done("c")]));

    expect(faults).toEqual([]);
    expect([...counts]).toEqual([
      ["done", 2],
      ["decode corrupt", 1],
    ]);
  });

  it("names a picture without a line, and one with two", () => {
    const { faults } = judge(["a", "b"], run([done("b"), done("b")]));

    expect(faults.map(({ picture }) => picture)).toEqual(["a", "b"]);
  });

  it.each(["unexpected", "crashed", "timeout"])("does not take %s for an answer", (code) => {
    expect(judge(["a"], run([failed("a", code)])).faults).toEqual([
      { picture: "a", what: `decode ${code}: So it is.` },
    ]);
  });

  it.each([1, 2, 130, null])("calls a run that ended with %p lost", (exit) => {
    const { faults } = judge(["a"], run([done("a")], exit));

    expect(faults).toHaveLength(1);
    expect(faults[0]?.what).toMatch(/lost.*bye/);
  });
});
