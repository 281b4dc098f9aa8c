import { counted, longStep } from "../../infra/job/longStep";

describe("a long step", () => {
  it("says nothing in its first two seconds, then at most a line in ten", () => {
    const lines: string[] = [];
    let nowMs = 0;
    const tell = longStep((line) => lines.push(line), { nowMs: () => nowMs });

    for (; nowMs <= 25_000; nowMs += 500) tell(() => `at ${nowMs}`);

    expect(lines).toEqual(["at 2000", "at 12000", "at 22000"]);
  });

  it("passes on what it counts", async () => {
    const items = (async function* () {
      yield* await Promise.resolve(["a", "b"]);
    })();
    const passed: string[] = [];
    for await (const item of counted(items, String, () => undefined)) passed.push(item);

    expect(passed).toEqual(["a", "b"]);
  });
});
