import { join } from "node:path";
import { typedPath, wholeNumber } from "../../../worker/contract/commandLine";

describe("a path from the command line", () => {
  it("is relative to where the person typed it, which npm names in INIT_CWD", () => {
    expect(typedPath({ INIT_CWD: "/home/me" })("photos/a.jpg")).toBe("/home/me/photos/a.jpg");
    expect(typedPath({ INIT_CWD: "/home/me" })("/photos")).toBe("/photos");
    expect(typedPath({})("photos")).toBe(join(process.cwd(), "photos"));
  });
});

describe("a whole number from the command line", () => {
  it.each(["0", "11", "1.5", "many", ""])("refuses %j where 1 to 10 is asked for", (text) => {
    expect(() => wholeNumber(1, 10)(text)).toThrow("expected a whole number from 1 to 10.");
  });

  it("takes both ends", () => {
    expect(["1", "10"].map(wholeNumber(1, 10))).toEqual([1, 10]);
  });
});
