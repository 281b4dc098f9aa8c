import { parseNames } from "../../../worker/onnx/names";

describe("a file with class names", () => {
  it.each([
    ["a name a line", "n.txt", "cat\r\nguide dog\n\n"],
    ["a list in YAML", "n.yaml", "path: data\nnames:\n  - cat\n  - guide dog\n"],
    ["a map in YAML, in any order", "n.yml", "nc: 2\nnames:\n  1: guide dog\n  0: cat\n"],
    ["a list in JSON", "N.JSON", '{"names": ["cat", "guide dog"]}'],
    ["a map in JSON", "n.json", '{"names": {"0": "cat", "1": "guide dog"}}'],
  ])("is %s", (_kind, file, text) => {
    expect(parseNames(text, file)).toEqual(["cat", "guide dog"]);
  });

  it("may call classes by numbers", () => {
    expect(parseNames("names: [7, 8]", "n.yaml")).toEqual(["7", "8"]);
  });

  it.each([
    ["n.txt", "", "it holds no names"],
    ["n.txt", "cat\n\ndog", "class 1 (counted from 0) has no name"],
    ["n.yaml", "names: {0: cat, 2: dog}", "class 1 (counted from 0) has no name"],
    ["n.yaml", "names: {cat: 0}", "a key of names is no class number"],
    ["n.yaml", "classes: [cat]", "it has no list or map called names"],
    ["n.json", '["cat"]', "it has no list or map called names"],
  ])("%s with %j is refused", (file, text, reason) => {
    expect(() => parseNames(text, file)).toThrow(
      `The file with class names ${file} cannot be used: ${reason}.`,
    );
  });

  it("that is no YAML is refused in one sentence", () => {
    expect(() => parseNames("names: [cat", "n.yaml")).toThrow(
      /^The file with class names n\.yaml cannot be used: [^\n]+\.$/,
    );
  });
});
