import { isPersonThere, openerOf } from "../../infra/job/openPage";

describe("opening a page", () => {
  it.each<[NodeJS.Platform, Record<string, string>, string | undefined]>([
    ["linux", { DISPLAY: ":0" }, "xdg-open"],
    ["linux", {}, undefined],
    ["linux", { BROWSER: "lynx" }, "lynx"],
    ["darwin", {}, "open"],
    ["win32", {}, "rundll32"],
  ])("on %s with %j takes %s", (system, environment, program) => {
    expect(openerOf(system, environment, "/a b.html")?.program).toBe(program);
  });

  it("is for somebody at a terminal, and not in a pipeline", () => {
    const [terminal, pipe] = [{ isTTY: true }, {}];

    expect(isPersonThere(terminal, terminal, {})).toBe(true);
    expect(isPersonThere(terminal, terminal, { CI: "true" })).toBe(false);
    expect(isPersonThere(terminal, pipe, {})).toBe(false);
  });
});
