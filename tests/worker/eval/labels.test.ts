import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseLabels, readLabels } from "../../../worker/eval/labels";
import { withTemporaryFolder } from "../../support/temporaryFolder";

describe("labels", () => {
  it("are a class, centre and size in shares of the picture", () => {
    expect(parseLabels("7 0.5 0.25 0.5 0.5\n", "a.txt")).toEqual([
      { class: 7, box: { x1: 0.25, y1: 0, x2: 0.75, y2: 0.5 } },
    ]);
  });

  it("given as polygons count with their bounding boxes", () => {
    expect(parseLabels("0 0.5 0.125 0.75 0.5 0.25 0.375", "a.txt")).toEqual([
      { class: 0, box: { x1: 0.25, y1: 0.125, x2: 0.75, y2: 0.5 } },
    ]);
  });

  it("that stand there twice count once, and empty lines not at all", () => {
    expect(parseLabels("1 .5 .5 .2 .2\r\n\n1 0.50 0.5 0.2 0.2\n2 .5 .5 .2 .2", "a.txt")).toHaveLength(2);
  });

  it.each([
    [
      "pixels",
      "0 320 240 50 50",
      "a.txt line 2: it has values that are no shares of the picture's size (0 to 1).",
    ],
    ["a word", "person .5 .5 .1 .1", "a.txt line 2: it does not begin with a class number."],
    ["a nameless column", "0 .5 .5 .1 .1 .9", "a.txt line 2: it has 5 values after the class"],
    ["half a box", "0 .5 .5", "a.txt line 2: it has 2 values after the class"],
  ])("refuse %s, naming the line", (_what, line, sentence) => {
    expect(() => parseLabels(`0 .5 .5 .1 .1\n${line}\n`, "a.txt")).toThrow(sentence);
  });

  it("lie at the picture's path, and a picture without a file has none", async () => {
    await withTemporaryFolder(async (folder) => {
      mkdirSync(join(folder, "day.1"));
      writeFileSync(join(folder, "day.1", "a.b.txt"), "3 0.5 0.5 1 1");

      expect(await readLabels(folder, "day.1/a.b.jpg")).toHaveLength(1);
      expect(await readLabels(folder, "day.1/a.jpg")).toBeUndefined();
    });
  });
});
