import { parsePythonLiteral } from "../../../worker/onnx/pythonLiteral";

describe("Python literals", () => {
  it.each([
    [
      "{0: 'person', 1: \"men's bag\"}",
      new Map([
        [0, "person"],
        [1, "men's bag"],
      ] as const),
    ],
    ["[640, 640]", [640, 640]],
    ["(1, -2.5, 3e-2, .5)", [1, -2.5, 0.03, 0.5]],
    ["(1,)", [1]],
    ["()", []],
    ["{}", new Map()],
    ["[[1], (2, [3]),]", [[1], [2, [3]]]],
    [
      "  { 'a' : None , 'b':True,'c':False }  ",
      new Map([
        ["a", null],
        ["b", true],
        ["c", false],
      ] as const),
    ],
    [String.raw`'it\'s \"q\" \\ \x41 \u00e9 \U0001f600'`, 'it\'s "q" \\ A é 😀'],
    [String.raw`'tab\tline\n'`, "tab\tline\n"],
    ["'日本 {0: [}'", "日本 {0: [}"],
  ])("reads %s", (text, value) => {
    expect(parsePythonLiteral(text)).toEqual(value);
  });

  it.each(["", "{0: 'person'", "'open", "[1 2]", "person", "1 2", "{1}", "__import__('os')", "[,]"])(
    "refuses %s",
    (text) => {
      expect(() => parsePythonLiteral(text)).toThrow(SyntaxError);
    },
  );
});
