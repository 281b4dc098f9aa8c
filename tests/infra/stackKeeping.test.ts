import { declareFixtureStack, defaultConfig, type DeclaredStack } from "./fixtureStack";

describe("a stack that protects its data and retains its results", () => {
  let stack: DeclaredStack;
  beforeAll(async () => {
    stack = await declareFixtureStack({
      ...defaultConfig,
      keeping: { protect: true, retainResults: true },
    });
  });
  const having = (option: "protect" | "retainOnDelete" | "ignoreChanges", value: unknown): string[] =>
    [...stack.options]
      .filter(([, options]) => JSON.stringify(options[option]) === JSON.stringify(value))
      .map(([name]) => name)
      .sort();

  it("protects group, account, pictures and results; not the layers, which any deploy can make again", () => {
    expect(having("protect", true)).toEqual(["group", "storage", "storage-input", "storage-output"]);
  });

  it("retains the results, and what they are in", () => {
    expect(having("retainOnDelete", true)).toEqual(["group", "storage", "storage-output"]);
  });

  it("leaves group and account where they are when the region changes", () => {
    expect(having("ignoreChanges", ["location"])).toEqual(["group", "storage"]);
  });
});
