import { coloursFor } from "../../../worker/contract/colours";

describe("colours", () => {
  it("are for terminals, and not for what a pipeline captures", () => {
    expect(coloursFor({ isTTY: true }, {}).red("x")).toBe("\u001b[31mx\u001b[39m");
    expect(coloursFor({ isTTY: false }, { CI: "true", FORCE_COLOR: "1" }).red("x")).toBe("x");
    expect(coloursFor({}, { CI: "true" }).red("x")).toBe("x");
  });

  it("stay away where the person wants none", () => {
    expect(coloursFor({ isTTY: true }, { NO_COLOR: "1" }).red("x")).toBe("x");
  });
});
